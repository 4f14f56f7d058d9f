import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import { waitUntil } from './waiting.ts'

export interface ReceivedSpan {
  service: string
  name: string
  traceId: string
  spanId: string
  parentSpanId: string
  attributes: Record<string, unknown>
}

export interface OtlpReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  endpoint: string
  /** What a process needs in its environment to export here quickly. */
  environment: Record<string, string>
  spans: ReceivedSpan[]
  /** The spans of a trace, as soon as `isWhole` says so of them. */
  waitForTrace(
    traceId: string,
    isWhole: (spans: ReceivedSpan[]) => boolean,
    timeoutMs?: number,
  ): Promise<ReceivedSpan[]>
  stop(): Promise<void>
}

const Value = z.union([
  z.object({ stringValue: z.string() }).transform((value) => value.stringValue),
  z.object({ boolValue: z.boolean() }).transform((value) => value.boolValue),
  z.object({ intValue: z.union([z.number(), z.string()]) }).transform((value) => Number(value.intValue)),
  z.object({ doubleValue: z.number() }).transform((value) => value.doubleValue),
  z.unknown(),
])

const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .default([])
  .transform((pairs): Record<string, unknown> => Object.fromEntries(pairs.map(({ key, value }) => [key, value])))

/** The parts of OTLP/JSON (opentelemetry-proto, ExportTraceServiceRequest) that tests ask for. */
const ExportRequest = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              name: z.string(),
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().default(''),
              attributes: Attributes,
            }),
          ),
        }),
      ),
    }),
  ),
})

/** Receives what OpenTelemetry's SDK exports by OTLP over HTTP in JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const server = createServer(async (request, response) => {
    const parsed = ExportRequest.safeParse(await json(request).catch(() => undefined))
    if (!parsed.success) return response.writeHead(400).end()
    spans.push(...parsed.data.resourceSpans.flatMap(spansOf))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    endpoint,
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
    spans,
    waitForTrace: (traceId, isWhole, timeoutMs = 15_000) =>
      waitUntil(
        `the whole trace ${traceId}`,
        () => {
          const found = spans.filter((span) => span.traceId === traceId)
          return isWhole(found) ? found : undefined
        },
        timeoutMs,
      ),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function spansOf({ resource, scopeSpans }: z.infer<typeof ExportRequest>['resourceSpans'][number]): ReceivedSpan[] {
  const service = String(resource.attributes['service.name'] ?? '')
  return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ service, ...span })))
}
