import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { FIND_COORDINATOR, type Gate, startGate } from '../test/gate.ts'
import { happened, log, startNamespace } from '../test/probe.ts'
import { connectProducer, type KafkaProducer } from './producer.ts'

const SESSION_MS = 6000
/** Beyond the retries of one start, and the session. */
const AWAY_MS = 15_000
const patient = { timeout: 30_000, interval: 50 }
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Ids that the process has handled, as it prints them. */
function startProcess(settings: { namespace: string; place?: string; port?: number }) {
  const script = join(import.meta.dirname, '../test/consumer-process.ts')
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  const child = spawn(process.execPath, [script, JSON.stringify({ broker: inject('engines').kafka, ...settings })], {
    stdio,
  })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  return {
    child,
    hasGivenUp: () => errors.includes('a consumer has given up'),
    handled: () => output.split('\n').filter((line) => line !== ''),
  }
}

describe('a consumer that dies', () => {
  it.each([
    ['between fetching and handling (crash point 8)', 'before-handle', false],
    ['between handling and committing the offset (crash point 10)', 'consumer-after-handle', true],
  ])('%s leaves its records to the next', async (_, place, handledBefore) => {
    const kafka = await startNamespace(inject('engines').kafka)
    const producer = await connectProducer({ kafka, log })
    const sent = Array.from({ length: 20 }, () => happened())
    await producer.send(sent)
    await producer.disconnect()
    const ids = sent.map(({ headers }) => String(headers['ce_id'])).toSorted()

    const dying = startProcess({ namespace: kafka.namespace, place })
    expect((await once(dying.child, 'exit'))[1]).toBe('SIGKILL')
    expect(dying.handled().length > 0).toBe(handledBefore)
    const next = startProcess({ namespace: kafka.namespace })
    await expect.poll(() => next.handled().toSorted(), patient).toEqual(ids)
  })
})

describe('a consumer without Kafka', () => {
  let producer: KafkaProducer
  let gate: Gate
  let consumer: ReturnType<typeof startProcess>

  beforeEach(async () => {
    const broker = inject('engines').kafka
    const kafka = await startNamespace(broker)
    producer = await connectProducer({ kafka, log })
    gate = await startGate(broker)
    consumer = startProcess({ namespace: kafka.namespace, port: gate.port })
    await producer.send([happened()])
    await expect.poll(() => consumer.handled().length, patient).toBe(1)
  })
  afterEach(async () => {
    gate.stop()
    await producer.disconnect()
  })

  const sendTwoMore = () => producer.send([happened(), happened()])
  const hasHandledAll = () => expect.poll(() => new Set(consumer.handled()).size, patient).toBe(3)

  it('takes up again after what kafkajs takes for final: a broker that goes or comes coordinates no group', async () => {
    gate.close()
    // Beyond its session, so that it has to join the group again.
    await sleep(SESSION_MS + 1000)
    gate.open({ except: FIND_COORDINATOR })
    await expect.poll(consumer.hasGivenUp, patient).toBe(true)
    await sendTwoMore()
    gate.open()
    await hasHandledAll()
  }, 60_000)

  it('takes up again by itself when Kafka is back', async () => {
    gate.close()
    // Longer than kafkajs goes on trying, so that the consumer crashes and is started again.
    await sleep(AWAY_MS)
    await sendTwoMore()
    gate.open()
    await hasHandledAll()
  }, 60_000)
})
