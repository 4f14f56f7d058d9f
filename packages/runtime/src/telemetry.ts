import { NodeSDK } from '@opentelemetry/sdk-node'

export interface Telemetry {
  shutdown(): Promise<void>
}

/** Keeps nothing and exports nothing: trace ids still exist, so logs and messages carry them without a collector. */
const discard = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }

interface TelemetryOptions {
  service: string
  environment: Record<string, string | undefined>
}

/**
 * Starts tracing. Spans leave by OTLP as the standard `OTEL_*` variables say, and nowhere when
 * `OTEL_EXPORTER_OTLP_ENDPOINT` is unset. Metrics are scraped from the inner port, logs go to standard output.
 */
export function startTelemetry({ service, environment }: TelemetryOptions): Telemetry {
  const exported = environment['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? ''
  const sdk = new NodeSDK({
    serviceName: service,
    metricReaders: [],
    logRecordProcessors: [],
    ...(exported === '' ? { spanProcessors: [discard] } : {}),
  })
  sdk.start()
  return { shutdown: () => sdk.shutdown() }
}
