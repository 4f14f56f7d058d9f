import { randomUUID } from 'node:crypto'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { startTcpProxy, type TcpProxy } from '@rollcall/testing/tcp-proxy'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { createTopicFor, defineProbe, type Probe, probeMessage, testKafka } from '../test/probe.ts'
import { type RelayProcess, startRelayProcess } from '../test/start-relay-process.ts'
import { duplicates, orderViolations, readTopic, type TopicReader } from '../test/topic-reader.ts'
import { appendToOutbox } from './append.ts'
import { up } from './migration.ts'
import type { OutboxTables } from './tables.ts'

const KEYS = 10
const patient = { timeout: 30_000, interval: 50 }
const keys = Array.from({ length: KEYS }, () => randomUUID())

let database: TestDatabase<OutboxTables>
let probe: Probe
let reader: TopicReader
let relays: RelayProcess[]
let written: number

beforeEach(async () => {
  probe = defineProbe('crash')
  await createTopicFor(probe)
  database = await createTestDatabase({ name: 'outbox', migrations: { '20261121T000000Z-outbox': { up } } })
  reader = await readTopic(testKafka(), probe.topic)
  relays = []
  written = 0
})

afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.kill()))
  await reader.stop()
  await database.drop()
})

async function startRelay(settings: { killAt?: string; proxyPort?: number; batchSize?: number } = {}) {
  const relay = await startRelayProcess({ databaseUrl: database.url, leaseMs: 1500, ...settings })
  relays.push(relay)
  return relay
}

/** So many messages of every key, in as many transactions. */
async function write(count: number) {
  for (const last = written + count; written < last; ) {
    written += 1
    const messages = keys.map((probeId) => probeMessage(probe, { probeId, sequence: written }))
    await database.db.transaction().execute((tx) => appendToOutbox(tx, ...messages))
  }
}

async function waiting(): Promise<number> {
  const { rows } = await database.db
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return rows
}

/** Everything is there at least once, in order but for copies, and nothing waits. */
async function expectAllPublished() {
  await expect.poll(waiting, patient).toBe(0)
  await expect.poll(() => new Set(reader.records.map(({ id }) => id)).size, patient).toBe(written * KEYS)
  expect(orderViolations(reader.records)).toEqual([])
}

describe('a relay that dies', () => {
  it.each([
    ['after reading, before Kafka has anything (crash point 4)', 'relay-after-read', 0],
    ['after the acknowledgement, before deleting (crash point 6)', 'relay-after-ack', KEYS],
  ])('%s is replaced: nothing lost, the order kept', async (_, killAt, copies) => {
    const dying = await startRelay({ killAt })
    await startRelay()
    await write(1)
    expect(await dying.ended).toBe('SIGKILL')
    await write(20)
    await expectAllPublished()
    expect(duplicates(reader.records)).toBe(copies)
  })

  it('before it hears of the acknowledgement is replaced; copies are told by their id (crash point 5)', async () => {
    const proxy = await proxyToKafka()
    try {
      const dying = await startRelay({ proxyPort: proxy.port })
      await write(1)
      await expect.poll(waiting, patient).toBe(0)
      proxy.pause('answers')
      await write(1)
      // The broker has the records; its answer doesn't arrive.
      await expect.poll(() => reader.records.length, patient).toBe(2 * KEYS)
      expect(await waiting()).toBe(KEYS)
      await dying.kill()
      await startRelay()
      await write(5)
      await expectAllPublished()
      expect(duplicates(reader.records)).toBe(KEYS)
    } finally {
      await proxy.stop()
    }
  })

  it('again and again, with two others standing by, keeps the order of every key', async () => {
    await Promise.all([startRelay({ batchSize: 7 }), startRelay({ batchSize: 7 }), startRelay({ batchSize: 7 })])
    const writing = write(300)
    for (let round = 0; round < 3; round += 1) {
      await expect.poll(() => reader.records.length, patient).toBeGreaterThan(round * 600)
      // Whichever it is: the active one dies within three rounds at the latest.
      await relays.shift()?.kill()
      await startRelay({ batchSize: 7 })
    }
    await writing
    await expectAllPublished()
    // A death repeats at most the batch that was being deleted and the one being sent; with two relays at work it were all.
    expect(duplicates(reader.records)).toBeLessThanOrEqual(3 * 2 * 7)
  })
})

describe('a relay whose connection to Kafka breaks', () => {
  it('sends again what was not acknowledged, by itself (fault C5)', async () => {
    const proxy = await proxyToKafka()
    try {
      await startRelay({ proxyPort: proxy.port, batchSize: 20 })
      const writing = write(100)
      for (let round = 1; round <= 4; round += 1) {
        await expect.poll(() => reader.records.length, patient).toBeGreaterThan(round * 100)
        proxy.pause('answers')
        await new Promise((resolve) => setTimeout(resolve, 50))
        proxy.cut()
        proxy.restore()
      }
      await writing
      await expectAllPublished()
    } finally {
      await proxy.stop()
    }
  })
})

describe('a relay that is frozen beyond its lease', () => {
  it('is replaced, and does no harm when it wakes up (crash point 7, fault C3)', async () => {
    const frozen = await startRelay({ batchSize: 7 })
    await write(5)
    await expect.poll(waiting, patient).toBe(0)
    const writing = write(100)
    await expect.poll(() => reader.records.length, patient).toBeGreaterThan(10 * KEYS)
    frozen.signal('SIGSTOP')
    await startRelay({ batchSize: 7 })
    await writing
    await expect.poll(waiting, patient).toBe(0)
    frozen.signal('SIGCONT')
    await write(20)
    await expectAllPublished()
  })

  it('does not delete by an acknowledgement that it reads too late', async () => {
    const proxy = await proxyToKafka()
    try {
      const frozen = await startRelay({ proxyPort: proxy.port })
      await write(1)
      await expect.poll(waiting, patient).toBe(0)
      proxy.pause('answers')
      await write(1)
      await expect.poll(() => reader.records.length, patient).toBe(2 * KEYS)
      frozen.signal('SIGSTOP')
      await startRelay()
      await expect.poll(waiting, patient).toBe(0)
      proxy.restore()
      frozen.signal('SIGCONT')
      await expect.poll(() => frozen.logs(), patient).toContain('the relay stops sending')
      await write(10)
      await expectAllPublished()
      expect(duplicates(reader.records)).toBe(KEYS)
    } finally {
      await proxy.stop()
    }
  })
})

async function proxyToKafka(): Promise<TcpProxy> {
  const [host = '', port] = inject('engines').kafka.split(':')
  return startTcpProxy({ target: { host, port: Number(port) } })
}
