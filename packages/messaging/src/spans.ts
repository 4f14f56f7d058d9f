import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { WireMessage } from './envelope.ts'

const tracer = trace.getTracer('rollcall')

interface SendSpans {
  end(error?: unknown): void
}

/**
 * One producer span per message that belongs to a trace; the message then carries that span's `traceparent`. Done here
 * because kafkajs' own instrumentation would overwrite the one that the outbox kept with that of the relay's loop.
 */
export function startSendSpans(messages: WireMessage[]): SendSpans {
  const spans: Span[] = []
  for (const { topic, key, headers } of messages) {
    const parent = headers['traceparent']
    if (typeof parent !== 'string') continue
    const span = tracer.startSpan(
      `send ${topic}`,
      { kind: SpanKind.PRODUCER, attributes: messagingAttributes({ operation: 'send', topic, key }) },
      propagation.extract(ROOT_CONTEXT, { traceparent: parent }),
    )
    if (!span.isRecording()) continue
    propagation.inject(trace.setSpan(context.active(), span), headers)
    spans.push(span)
  }
  return {
    end(error) {
      for (const span of spans) {
        if (error) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      }
    },
  }
}

/** Names of OpenTelemetry's messaging conventions. */
export function messagingAttributes(about: { operation: string; topic: string; key?: string | Buffer | null }) {
  const { operation, topic, key } = about
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.destination.name': topic,
    ...(key ? { 'messaging.kafka.message.key': key.toString() } : {}),
  }
}
