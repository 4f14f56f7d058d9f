import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

export { isSpanContextValid, SpanKind } from '@opentelemetry/api'

const tracer = trace.getTracer('rollcall')

/** The work in hand as a W3C `traceparent`, to be stored beside what continues it later. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent
}

/** The trace id of the work in hand, 32 hexadecimal digits. */
export function currentTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

interface SpanOptions {
  kind?: SpanKind
  /** A W3C `traceparent` that came with the message or request; without it the span continues the work in hand. */
  parent?: string | undefined
  attributes?: Attributes
}

/** Runs `work` inside a span; what it throws marks the span and is thrown on. */
export async function withSpan<Result>(
  name: string,
  { kind = SpanKind.INTERNAL, parent, attributes = {} }: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const parentContext = parent ? propagation.extract(ROOT_CONTEXT, { traceparent: parent }) : context.active()
  return tracer.startActiveSpan(name, { kind, attributes }, parentContext, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' })
      throw error
    } finally {
      span.end()
    }
  })
}
