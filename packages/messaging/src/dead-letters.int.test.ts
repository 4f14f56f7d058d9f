import { deadLettersTopic } from '@rollcall/contracts/topics'
import { createRegistry } from '@rollcall/runtime/metrics'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { happened, log, ProbeHappened, startNamespace } from '../test/probe.ts'
import { startConsumer } from './consumer.ts'
import { type DeadLetter, readDeadLetter } from './dead-letters.ts'
import type { WireMessage } from './envelope.ts'
import type { KafkaClients } from './kafka.ts'
import { connectProducer, type KafkaProducer } from './producer.ts'
import { on } from './subscriptions.ts'

const patient = { timeout: 30_000, interval: 20 }
let kafka: KafkaClients
let producer: KafkaProducer
let closing: (() => Promise<unknown>)[]

beforeEach(async () => {
  kafka = await startNamespace(inject('engines').kafka)
  producer = await connectProducer({ kafka, log })
  closing = [() => producer.disconnect()]
})

afterEach(async () => {
  for (const close of closing.reverse()) await close()
})

async function start(handled: string[]) {
  const subscription = on(ProbeHappened, 'note', async (messages) => {
    handled.push(...messages.map(({ data }) => data.text ?? ''))
  })
  const registry = createRegistry('test')
  const consumer = await startConsumer({
    kafka,
    groupId: 'test.probes',
    startAt: 'earliest',
    sessionTimeoutMs: 6000,
    subscriptions: [subscription],
    producer,
    registry,
    log,
  })
  closing.push(() => consumer.stop())
  return consumer
}

async function readDeadLetters(): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = []
  const reader = kafka.consumer({ groupId: `${kafka.namespace}reader`, maxWaitTimeInMs: 50 })
  closing.push(() => reader.disconnect())
  await reader.connect()
  await reader.subscribe({ topics: [kafka.namespace + deadLettersTopic], fromBeginning: true })
  await reader.run({ eachMessage: async ({ message }) => void letters.push(readDeadLetter(message)) })
  return letters
}

const garbage = Buffer.from([0x00, 0xff, 0xfe, 0x80, 0x22])

it('puts what it cannot decode into the dead letters, byte by byte and with the reason, and the rest flows (crash point 18)', async () => {
  const key = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d10'
  const good = (text: string) => ({ ...happened({ probeId: key, text }), key })
  const foreign: WireMessage = { topic: 'probe.happened', key, value: garbage, headers: { producer: 'somebody else' } }
  const broken = { ...happened({ probeId: key }), key, value: garbage }
  const unknown = happened({ probeId: key })
  const newer = { ...unknown, headers: { ...unknown.headers, ce_type: 'probe.happened.v2' } }
  await producer.send([good('first'), foreign, broken, good('second'), newer, good('third')])

  const handled: string[] = []
  const consumer = await start(handled)
  const letters = await readDeadLetters()
  await expect.poll(() => handled, patient).toEqual(['first', 'second', 'third'])
  await expect.poll(() => letters.length, patient).toBe(3)
  const origin = { topic: 'probe.happened', partition: expect.any(Number), group: 'test.probes', key: Buffer.from(key) }
  expect(letters).toEqual([
    {
      ...origin,
      offset: '1',
      value: garbage,
      headers: { producer: 'somebody else' },
      reason: expect.stringMatching(/^headers: /),
    },
    { ...origin, offset: '2', value: garbage, headers: broken.headers, reason: 'data: not JSON in UTF-8' },
    {
      ...origin,
      offset: '4',
      value: Buffer.from(String(newer.value)),
      headers: newer.headers,
      reason: 'unknown type, not probe.happened.v1',
    },
  ])

  // The offset has moved: another start finds nothing to do.
  await consumer.stop()
  closing.splice(1, 1)
  await start(handled)
  await producer.send([good('fourth')])
  await expect.poll(() => handled, patient).toEqual(['first', 'second', 'third', 'fourth'])
  expect(letters).toHaveLength(3)
})

it('moves on only when the dead letter is acknowledged', async () => {
  let refusals = 2
  const reluctant: KafkaProducer = {
    ...producer,
    send: (messages) => (refusals-- > 0 ? Promise.reject(new Error('no broker')) : producer.send(messages)),
  }
  const registry = createRegistry('test')
  const subscriptions = [on(ProbeHappened, 'note', async () => {})]
  const consumer = await startConsumer({
    kafka,
    groupId: 'test.probes',
    startAt: 'earliest',
    sessionTimeoutMs: 6000,
    subscriptions,
    producer: reluctant,
    registry,
    log,
  })
  closing.push(() => consumer.stop())
  await producer.send([{ ...happened(), value: garbage }])
  const letters = await readDeadLetters()
  await expect.poll(() => letters.length, patient).toBe(1)
  expect(refusals).toBeLessThan(0)
})
