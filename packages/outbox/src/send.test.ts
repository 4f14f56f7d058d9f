import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { expect, it } from 'vitest'
import type { BatchRow } from './queries.ts'
import { sendRows } from './send.ts'

const refusal = new kafkajs.KafkaJSProtocolError(
  Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE', code: 10, retriable: false, helpUrl: '' }),
)

function rowsNamed(...names: string[]): BatchRow[] {
  return names.map((name, position) => ({
    position,
    id: randomUUID(),
    topic: 'probe.happened',
    key: name,
    type: 'probe.happened.v1',
    source: '/probes',
    subject: name,
    time: '2026-11-21T12:00:00.000Z',
    dataschema: 'urn:rollcall:schema:probe.happened.v1',
    sequence: 1,
    data: '{}',
    traceparent: null,
    waitedMs: 1,
  }))
}

/** A broker that refuses every request with one of these keys in it. */
function brokerRefusing(...refused: string[]) {
  const taken: (string | Buffer | null)[] = []
  return {
    taken,
    async send(messages: { key: string | Buffer | null }[]) {
      if (messages.some(({ key }) => refused.includes(String(key)))) throw refusal
      taken.push(...messages.map(({ key }) => key))
    },
  }
}

it('finds the rows that the broker means and sends all others in their order', async () => {
  const broker = brokerRefusing('c', 'g')
  const refused = await sendRows(
    { producer: broker, mayGoOn: () => true },
    rowsNamed('a', 'b', 'c', 'd', 'e', 'f', 'g'),
  )
  expect(refused.map(({ row, reason }) => [row.key, reason])).toEqual([
    ['c', 'MESSAGE_TOO_LARGE'],
    ['g', 'MESSAGE_TOO_LARGE'],
  ])
  expect(broker.taken).toEqual(['a', 'b', 'd', 'e', 'f'])
})

it('sends no second half once the lease has ended', async () => {
  const broker = brokerRefusing('a')
  let asked = 0
  const mayGoOn = () => ++asked < 3
  await expect(sendRows({ producer: broker, mayGoOn }, rowsNamed('a', 'b', 'c', 'd'))).rejects.toThrow(/lease/)
  expect(broker.taken).toEqual([])
})

it('splits what is too much for one request, before the broker has to refuse it', async () => {
  const rows = rowsNamed('a', 'b', 'c', 'd', 'e').map((row) => ({ ...row, data: 'x'.repeat(200_000) }))
  const requests: number[] = []
  const send = async (messages: unknown[]) => void requests.push(messages.length)
  expect(await sendRows({ producer: { send }, mayGoOn: () => true }, rows)).toEqual([])
  expect(requests).toEqual([2, 2, 1])
})

it('leaves everything as it is when nobody knows what the broker has', async () => {
  const send = () => Promise.reject(new Error('connection lost'))
  await expect(sendRows({ producer: { send }, mayGoOn: () => true }, rowsNamed('a', 'b'))).rejects.toThrow('connection')
})
