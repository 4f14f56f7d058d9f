import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { happened, log, ProbeHappened, startNamespace } from '../test/probe.ts'
import type { KafkaClients } from './kafka.ts'
import { connectProducer, type KafkaProducer, refusalOf } from './producer.ts'

const patient = { timeout: 30_000, interval: 20 }
let kafka: KafkaClients
let producer: KafkaProducer
let sequences: number[]
let stopReading: () => Promise<void>

beforeEach(async () => {
  kafka = await startNamespace(inject('engines').kafka)
  producer = await connectProducer({ kafka, log })
  sequences = []
  const reader = kafka.consumer({ groupId: `${kafka.namespace}reader`, maxWaitTimeInMs: 50 })
  await reader.connect()
  await reader.subscribe({ topics: [kafka.namespace + ProbeHappened.topic], fromBeginning: true })
  await reader.run({
    eachMessage: async ({ message }) => void sequences.push(Number(message.headers?.['ce_sequence'])),
  })
  stopReading = () => reader.disconnect()
})

afterEach(async () => {
  await producer.disconnect()
  await stopReading()
})

it('sends one after the other, however many ask at once', async () => {
  const probeId = randomUUID()
  await Promise.all(
    Array.from({ length: 60 }, (_, index) => producer.send([happened({ probeId, sequence: index + 1 })])),
  )
  await expect.poll(() => sequences.length, patient).toBe(60)
  expect(sequences).toEqual(sequences.map((_, index) => index + 1))
})

it('goes on with another producer after a rejected send', async () => {
  const tooLarge = happened({ text: 'x'.repeat(2_000_000) })
  const rejected = await producer.send([tooLarge]).catch((error: unknown) => error)
  expect(refusalOf(rejected)).toBe('MESSAGE_TOO_LARGE')
  await producer.send([happened({ sequence: 7 })])
  await expect.poll(() => sequences, patient).toEqual([7])
})

it('gives up on request what it is sending and what waits, and then works again', async () => {
  const pending = [producer.send([happened({ sequence: 1 })]), producer.send([happened({ sequence: 2 })])]
  producer.discard()
  const outcomes = await Promise.allSettled(pending)
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await producer.send([happened({ sequence: 3 })])
  await expect.poll(() => sequences.at(-1), patient).toBe(3)
  expect(sequences).not.toContain(2)
})

it('tells a refusal from what may pass', () => {
  expect(refusalOf(new Error('connection lost', { cause: new Error('reset') }))).toBeUndefined()
  expect(refusalOf('no error at all')).toBeUndefined()
})
