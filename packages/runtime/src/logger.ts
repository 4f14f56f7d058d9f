import { trace } from '@opentelemetry/api'
import { type Logger, pino, stdSerializers } from 'pino'

export type { Logger } from 'pino'

export interface LoggerOptions {
  service: string
  level: string
  /** Where lines go; standard output when missing. */
  destination?: { write(line: string): void }
}

/** Members that must never be logged in clear, wherever a caller puts them. */
const SECRET_MEMBERS = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'sealed',
  'ticketCode',
  'qrCode',
  'verifyUrl',
  'email',
]

const redactedPaths = SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** JSON lines with the trace and span id of the work in hand, so that a log line leads to its trace and back. */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError },
    redact: { paths: redactedPaths, censor: '[redacted]' },
    mixin: traceMembers,
  }
  return destination ? pino(options, destination) : pino(options)
}

/** PostgreSQL quotes the row that offends in `detail` and `where`: addresses and names have no place in a log. */
function serializeError(error: Error) {
  const { detail: _, where: __, ...told } = stdSerializers.err(error)
  return told
}

function traceMembers() {
  const span = trace.getActiveSpan()?.spanContext()
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {}
}
