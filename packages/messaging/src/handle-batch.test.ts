import { randomUUID } from 'node:crypto'
import { defineFact } from '@rollcall/contracts/define'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { happened, log } from '../test/probe.ts'
import type { WireMessage } from './envelope.ts'
import { handleChunk } from './handle-batch.ts'
import { on } from './subscriptions.ts'

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
  const deps = { group: 'test', producer, log, subscriptions: [on(mistaken, 'never', async () => {})] }
  const { headers, value } = happened()
  const record = {
    key: Buffer.from(randomUUID()),
    value: Buffer.from(String(value)),
    headers,
    offset: '5',
    timestamp: '0',
    attributes: 0,
  }
  const signal = new AbortController().signal
  const chunk = { topic: 'probe.happened', partition: 0, records: [record], active: () => true, signal }
  expect(await handleChunk(deps, chunk)).toBe(true)
  expect(buried[0]?.headers).toMatchObject({ reason: 'decoding failed: RangeError', offset: '5' })
})
