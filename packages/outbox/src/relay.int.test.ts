import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectProducer, type KafkaProducer } from '@rollcall/messaging/producer'
import { createRegistry } from '@rollcall/runtime/metrics'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTopicFor, defineProbe, log, probeMessage, testKafka } from '../test/probe.ts'
import { orderViolations, readTopic, type TopicReader } from '../test/topic-reader.ts'
import { appendToOutbox } from './append.ts'
import { up } from './migration.ts'
import { type Relay, type RelayOptions, startRelay } from './relay.ts'
import type { OutboxTables } from './tables.ts'
import { createTransact, type Transact } from './transact.ts'
import { createOutboxWake, type OutboxWake, wakeChannel } from './wake.ts'

const kafka = testKafka()
const never = 600_000
let database: TestDatabase<OutboxTables>
let producer: KafkaProducer
let reader: TopicReader
let probe: ReturnType<typeof defineProbe>
let relay: Relay | undefined
let transact: Transact<OutboxTables>
let wake: OutboxWake
let registry: ReturnType<typeof createRegistry>

beforeEach(async () => {
  probe = defineProbe('relay')
  await createTopicFor(probe)
  database = await createTestDatabase({ name: 'outbox', migrations: { '20261121T000000Z-outbox': { up } } })
  producer = await connectProducer({ kafka, log })
  reader = await readTopic(kafka, probe.topic)
  wake = createOutboxWake({ databaseUrl: database.url, log })
  transact = createTransact(database.db, wake)
  registry = createRegistry('test')
})

afterEach(async () => {
  await relay?.stop()
  relay = undefined
  await producer.disconnect()
  await reader.stop()
  await database.drop()
})

function options(): RelayOptions<OutboxTables> {
  const { db, url: databaseUrl } = database
  return { db, databaseUrl, producer, log, registry }
}

function start(changes: Partial<RelayOptions<OutboxTables>> = {}) {
  relay = startRelay({ ...options(), ...changes })
}

function countRows() {
  return database.db
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
}

async function endConnections() {
  const others = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`
  await others.execute(database.db)
}

const emptied = { timeout: 15_000, interval: 20 }

describe('the relay', () => {
  it('publishes what a transaction appended and deletes it once it is acknowledged', async () => {
    start()
    const probeId = randomUUID()
    const outgoing = probeMessage(probe, { probeId, sequence: 1, text: 'für alle ✓' })
    await transact((tx) => appendToOutbox(tx, outgoing))
    await expect.poll(() => reader.records.length, emptied).toBe(1)
    expect(reader.records[0]).toMatchObject({
      key: probeId,
      value: JSON.stringify({ probeId, text: 'für alle ✓' }),
      headers: {
        ce_specversion: '1.0',
        ce_id: outgoing.id,
        ce_type: probe.ceType,
        ce_source: '/probes',
        ce_subject: probeId,
        ce_time: outgoing.time,
        ce_partitionkey: probeId,
        ce_sequence: '0000000000000001',
        'content-type': 'application/json',
      },
    })
    await expect.poll(countRows, emptied).toEqual({ rows: 0 })
  })

  it('publishes nothing of a transaction that rolls back', async () => {
    start()
    const probeId = randomUUID()
    const failing = transact(async (tx) => {
      await appendToOutbox(tx, probeMessage(probe, { probeId, sequence: 1 }))
      throw new Error('changed its mind')
    })
    await expect(failing).rejects.toThrow('changed its mind')
    await transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
    await expect.poll(() => reader.records.length, emptied).toBe(1)
    expect(reader.records[0]?.key).not.toBe(probeId)
  })

  it('is woken by a commit, long before it would poll', async () => {
    start({ pollIdleMs: never, pollBusyMs: never })
    for (let sequence = 1; sequence <= 3; sequence += 1) {
      await transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
      await expect.poll(() => reader.records.length, emptied).toBe(sequence)
    }
  })

  it('is rung by its own process while it is active, without the database, and again by NOTIFY once it is not', async () => {
    let notified = 0
    const listener = new Client({ connectionString: database.url })
    listener.on('notification', () => {
      notified += 1
    })
    await listener.connect()
    await listener.query(`listen ${wakeChannel}`)
    start({ pollIdleMs: never, pollBusyMs: never })
    await expect.poll(() => relay?.ring(), emptied).toBe(true)
    const standby = startRelay({
      ...options(),
      registry: createRegistry('other'),
      pollIdleMs: never,
      pollBusyMs: never,
    })
    if (relay) wake.attach(relay)
    const publish = () =>
      transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
    for (let sent = 1; sent <= 3; sent += 1) {
      await publish()
      await expect.poll(() => reader.records.length, emptied).toBe(sent)
    }
    expect([notified, standby.ring()]).toEqual([0, false])

    await relay?.stop()
    expect(relay?.ring()).toBe(false)
    await expect.poll(() => standby.ring(), emptied).toBe(true)
    await publish()
    await expect.poll(() => reader.records.length, emptied).toBe(4)
    expect(notified).toBe(1)
    await standby.stop()
    await listener.end()
  })

  it('finds what was committed without a wake-up by polling (crash point 3)', async () => {
    start()
    const message = probeMessage(probe, { probeId: randomUUID(), sequence: 1 })
    // The transaction alone: what is left when the process dies before the wake-up.
    await database.db.transaction().execute((tx) => appendToOutbox(tx, message))
    await expect.poll(() => reader.records.length, emptied).toBe(1)
  })

  it('publishes a transaction that took its position early and committed late', async () => {
    start()
    const late = Promise.withResolvers<void>()
    const inserted = Promise.withResolvers<void>()
    const early = transact(async (tx) => {
      await appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1, text: 'early' }))
      inserted.resolve()
      await late.promise
    })
    await inserted.promise
    await transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
    await expect.poll(countRows, emptied).toEqual({ rows: 0 })
    late.resolve()
    await early
    await expect.poll(() => reader.records.length, emptied).toBe(2)
  })

  it('keeps the order of each key over many batches', async () => {
    const keys = Array.from({ length: 20 }, () => randomUUID())
    for (let sequence = 1; sequence <= 50; sequence += 1) {
      const messages = keys.map((probeId) => probeMessage(probe, { probeId, sequence }))
      await database.db.transaction().execute((tx) => appendToOutbox(tx, ...messages))
    }
    start({ batchSize: 70 })
    await expect.poll(() => reader.records.length, emptied).toBe(1000)
    expect(orderViolations(reader.records)).toEqual([])
  })

  it('parks a row that the broker refuses, and all others flow', async () => {
    const refused = randomUUID()
    const tooLarge = probeMessage(probe, { probeId: refused, sequence: 1, text: 'x'.repeat(2_000_000) })
    const others = Array.from({ length: 30 }, () => probeMessage(probe, { probeId: randomUUID(), sequence: 1 }))
    const next = probeMessage(probe, { probeId: refused, sequence: 2 })
    await database.db
      .transaction()
      .execute((tx) => appendToOutbox(tx, ...others.slice(0, 15), tooLarge, ...others.slice(15), next))
    start()
    await expect.poll(countRows, emptied).toEqual({ rows: 0 })
    const parked = await database.db.selectFrom('outbox_parked').select(['id', 'key', 'reason']).execute()
    expect(parked).toEqual([{ id: tooLarge.id, key: refused, reason: 'MESSAGE_TOO_LARGE' }])
    await expect.poll(() => new Set(reader.records.map(({ id }) => id)).size, emptied).toBe(31)
    expect(await registry.metrics()).toMatch(/^outbox_parked\{.*\} 1$/m)
  })

  it('tells depth and age of what waits', async () => {
    await database.db
      .transaction()
      .execute((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
    const hanging = Promise.withResolvers<void>()
    start({ producer: { ...producer, send: () => hanging.promise } })
    const waited = async () => Number(/^outbox_oldest_age_seconds\{.*\} (\S+)$/m.exec(await registry.metrics())?.[1])
    await expect.poll(waited, emptied).toBeGreaterThan(0.1)
    expect(await registry.metrics()).toMatch(/^outbox_depth\{.*\} 1$/m)
    hanging.reject(new Error('the test is over'))
  })

  it('tells how long messages waited for it, and how long for Kafka', async () => {
    const probeIds = [randomUUID(), randomUUID()]
    await database.db
      .transaction()
      .execute((tx) => appendToOutbox(tx, ...probeIds.map((probeId) => probeMessage(probe, { probeId, sequence: 1 }))))
    await sql`update outbox set created_at = clock_timestamp() - interval '7 seconds'`.execute(database.db)
    const send: KafkaProducer['send'] = async (messages) => {
      await sleep(50)
      await producer.send(messages)
    }
    start({ producer: { ...producer, send } })
    await expect.poll(countRows, emptied).toEqual({ rows: 0 })
    const text = await registry.metrics()
    const figure = (of: string, stage: string) =>
      Number(new RegExp(`^outbox_stage_seconds_${of}{.*stage="${stage}".*} (.*)$`, 'm').exec(text)?.[1])
    expect([figure('count', 'read'), figure('count', 'acknowledged')]).toEqual([2, 2])
    expect(figure('sum', 'read')).toBeGreaterThan(14)
    expect(figure('sum', 'acknowledged')).toBeGreaterThan(0.09)
    expect(figure('sum', 'acknowledged')).toBeLessThan(14)
  })

  it('hands over at once when it stops', async () => {
    start({ leaseMs: 60_000 })
    await transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
    await expect.poll(countRows, emptied).toEqual({ rows: 0 })
    await relay?.stop()
    registry = createRegistry('test')
    start({ leaseMs: 60_000 })
    await transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
    await expect.poll(() => reader.records.length, emptied).toBe(2)
  })

  it('goes on after the database has ended all its connections', async () => {
    start({ pollIdleMs: never, pollBusyMs: never })
    for (let sequence = 1; sequence <= 3; sequence += 1) {
      await transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
      await expect.poll(() => reader.records.length, emptied).toBe(sequence)
      // Only a wake-up finds the next message, so the relay has to listen again.
      await endConnections()
    }
  })

  it('goes on after Kafka refused to answer', async () => {
    let failures = 3
    const send: KafkaProducer['send'] = async (messages) => {
      if (failures-- > 0) throw new Error('no broker')
      await producer.send(messages)
    }
    start({ producer: { ...producer, send } })
    await transact((tx) => appendToOutbox(tx, probeMessage(probe, { probeId: randomUUID(), sequence: 1 })))
    await expect.poll(() => reader.records.length, emptied).toBe(1)
  })
})
