import { randomUUID } from 'node:crypto'
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { createRegistry } from '@rollcall/runtime/metrics'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { happened, log, ProbeHappened } from '../test/probe.ts'
import type { WireMessage } from './envelope.ts'
import { type Chunk, handleChunk } from './handle-batch.ts'
import { startSendSpans } from './spans.ts'
import { on } from './subscriptions.ts'

interface Finished {
  name: string
  parentSpanContext?: { spanId: string }
  status: { code: number }
  attributes: Record<string, unknown>
  spanContext(): { traceId: string; spanId: string }
}

const finished: Finished[] = []
const keep = {
  onStart() {},
  onEnd: (span: Finished) => void finished.push(span),
  forceFlush: nothing,
  shutdown: nothing,
}
const sdk = new NodeSDK({ metricReaders: [], logRecordProcessors: [], spanProcessors: [keep] })
sdk.start()

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

beforeEach(() => {
  finished.length = 0
})
afterAll(() => sdk.shutdown())

it('sends a message inside a span of its own trace, which the record then carries', () => {
  const [traced, untraced] = [happened({ traceparent }), happened()]
  startSendSpans([traced, untraced]).end()
  const [span, ...others] = finished
  expect(others).toEqual([])
  expect(span).toMatchObject({ name: 'send probe.happened', parentSpanContext: { spanId: 'b7ad6b7169203331' } })
  expect(traced.headers['traceparent']).toBe(`00-${traceId}-${span?.spanContext().spanId}-01`)
  expect(untraced.headers['traceparent']).toBeUndefined()
})

it('marks the span of a message that was not sent', () => {
  startSendSpans([happened({ traceparent })]).end(new Error('no broker'))
  expect(finished[0]?.status).toEqual({ code: 2 })
})

it('handles a single message inside its trace', async () => {
  const traceIds: (string | undefined)[] = []
  const subscription = on(
    ProbeHappened,
    'look',
    async () => void traceIds.push(trace.getActiveSpan()?.spanContext().traceId),
  )
  const deps = {
    group: 'test',
    producer: { send: async () => {} },
    log,
    registry: createRegistry('test'),
    subscriptions: [subscription],
  }
  expect(await handleChunk(deps, chunkOf(happened({ traceparent })))).toBe(true)
  expect(traceIds).toEqual([traceId])
})

it('handles several messages in one span and leaves each its trace', async () => {
  const seen: (string | undefined)[] = []
  const subscription = on(ProbeHappened, 'look', async (messages) => {
    seen.push(...messages.map((it) => it.traceparent))
  })
  const deps = {
    group: 'test',
    producer: { send: async () => {} },
    log,
    registry: createRegistry('test'),
    subscriptions: [subscription],
  }
  await handleChunk(deps, chunkOf(happened({ traceparent }), happened()))
  expect(seen).toEqual([traceparent, undefined])
  expect(finished.map(({ attributes }) => attributes['messaging.batch.message_count'])).toEqual([2])
})

function chunkOf(...messages: WireMessage[]): Chunk {
  const records = messages.map(({ key, value, headers }, index) => ({
    key: Buffer.from(key ?? randomUUID()),
    value: Buffer.from(value ?? ''),
    headers,
    offset: String(index),
    timestamp: '0',
    attributes: 0,
  }))
  return { topic: ProbeHappened.topic, partition: 0, records, active: () => true, signal: new AbortController().signal }
}

async function nothing() {}
