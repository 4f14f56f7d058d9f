import { randomUUID } from 'node:crypto'
import { defineFact } from '@rollcall/contracts/define'
import { message } from '@rollcall/contracts/message'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { createRegistry } from '@rollcall/runtime/metrics'
import kafkajs from 'kafkajs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { happened, log, ProbeHappened, ProbeSnapshot, toWire } from '../test/probe.ts'
import type { WireMessage } from './envelope.ts'
import { handleChunk } from './handle-batch.ts'
import { on, project } from './subscriptions.ts'

const signal = new AbortController().signal

function chunkOf(messages: WireMessage[]) {
  const records = messages.map(({ value, headers }, index) => ({
    key: Buffer.from(randomUUID()),
    value: Buffer.from(String(value)),
    headers,
    offset: String(index),
    timestamp: '0',
    attributes: 0,
  }))
  return { topic: 'probe.happened', partition: 0, records, active: () => true, signal }
}

function setUp(handle: (ids: string[]) => Promise<void>) {
  const buried: WireMessage[] = []
  const registry = createRegistry('test')
  const subscription = on(ProbeHappened, 'note', (messages) => handle(messages.map(({ data }) => data.text ?? '')))
  const producer = { send: async (messages: WireMessage[]) => void buried.push(...messages) }
  return { buried, registry, deps: { group: 'test', log, registry, producer, subscriptions: [subscription] } }
}

it('buries what a handler can never handle, with the reason, and hands over the rest', async () => {
  const handled: string[] = []
  const { buried, registry, deps } = setUp(async (texts) => {
    if (texts.includes('bad')) throw Object.assign(new TypeError('cannot read\n  this'), { code: '22P02' })
    handled.push(...texts)
  })
  const messages = ['one', 'bad', 'two'].map((text) => happened({ text }))
  expect(await handleChunk(deps, chunkOf(messages))).toBe(true)
  expect(handled).toEqual(['one', 'two'])
  expect(buried).toHaveLength(1)
  expect(buried[0]?.headers).toMatchObject({
    reason: 'could not be handled',
    subscription: 'note',
    cause: 'TypeError 22P02: cannot read this',
    offset: '1',
  })
  expect(JSON.stringify(buried[0]?.headers)).not.toContain('handle-batch')
  expect(await registry.metrics()).toMatch(/dead_letters_total\{group="test",topic="probe.happened".*\} 1/)
})

it('buries nothing while an engine is away, however long', async () => {
  let tries = 0
  const { buried, deps } = setUp(async () => {
    tries += 1
    if (tries < 8) throw new Error('not written', { cause: new EngineAway('PostgreSQL') })
  })
  const stopping = new AbortController()
  // Without pauses: what is tested is that it goes on.
  stopping.abort()
  expect(await handleChunk(deps, { ...chunkOf([happened()]), signal: stopping.signal })).toBe(true)
  expect([tries, buried]).toEqual([8, []])
})

it('leaves a chunk uncommitted that it was told to leave', async () => {
  const { buried, deps } = setUp(() => Promise.reject(new TypeError('never')))
  let asked = 0
  const active = () => ++asked < 3
  expect(await handleChunk(deps, { ...chunkOf([happened()]), active })).toBe(false)
  expect(buried).toEqual([])
})

it('leaves out the value of a record that is too large even for the dead letters', async () => {
  const { deps } = setUp(() => Promise.reject(new TypeError('never')))
  const buried: WireMessage[] = []
  const producer = {
    async send([letter]: WireMessage[]) {
      const refusal = new kafkajs.KafkaJSProtocolError({ type: 'MESSAGE_TOO_LARGE', code: 10 } as never)
      if (letter?.value) throw Object.assign(refusal, { type: 'MESSAGE_TOO_LARGE' })
      if (letter) buried.push(letter)
    },
  }
  expect(await handleChunk({ ...deps, producer }, chunkOf([happened()]))).toBe(true)
  expect(buried[0]).toMatchObject({ value: null, headers: { 'value-left-out': 'MESSAGE_TOO_LARGE', offset: '0' } })
})

it('buries a record whose schema fails by mistake instead of stopping the partition', async () => {
  const mistaken = defineFact({
    type: 'probe.happened',
    version: 1,
    aggregate: 'probe',
    source: '/probes',
    key: (data) => data.probeId,
    data: z.strictObject({
      probeId: z.uuid().refine(() => {
        throw new RangeError('a mistake of ours')
      }),
    }),
  })
  const buried: WireMessage[] = []
  const producer = { send: async (messages: WireMessage[]) => void buried.push(...messages) }
  const deps = {
    group: 'test',
    log,
    registry: createRegistry('test'),
    producer,
    subscriptions: [on(mistaken, 'never', async () => {})],
  }
  const { headers, value } = happened()
  const record = {
    key: Buffer.from(randomUUID()),
    value: Buffer.from(String(value)),
    headers,
    offset: '5',
    timestamp: '0',
    attributes: 0,
  }
  const chunk = { ...chunkOf([]), records: [record] }
  expect(await handleChunk(deps, chunk)).toBe(true)
  expect(buried[0]?.headers).toMatchObject({ reason: 'decoding failed: RangeError', offset: '5' })
})

it('buries a snapshot without its value, which an erasure would not reach there', async () => {
  const { buried, deps } = setUp(async () => {})
  const subscriptions = [project(ProbeSnapshot, () => Promise.reject(new TypeError('never')))]
  const data = { probeId: randomUUID(), name: 'Ada' }
  const snapshot = toWire(message(ProbeSnapshot, { data, sequence: 1, at: new Date() }))
  const undecodable = { ...snapshot, value: '{"name":"Ada"' }
  const chunk = { ...chunkOf([snapshot, undecodable]), topic: 'probe.snapshot' }
  expect(await handleChunk({ ...deps, subscriptions }, chunk)).toBe(true)
  expect(buried.map(({ value, headers }) => [value, headers['value-left-out'], headers['offset']])).toEqual([
    [null, 'SNAPSHOT', '1'],
    [null, 'SNAPSHOT', '0'],
  ])
  expect(JSON.stringify(buried)).not.toContain('Ada')
})
