import { collectDefaultMetrics, exponentialBuckets, Histogram, Registry } from 'prom-client'

export { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** One registry a process, with Node's own figures (event loop, heap, CPU) in it. */
export function createRegistry(service: string): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  return registry
}

/** From half a millisecond to a minute, each 1.6 times the one before: between two, p50, p90 and p99 can be read. */
const STAGE_BUCKETS = exponentialBuckets(0.0005, 1.6, 26)

/** Notes that something has taken so many milliseconds for one stage of its way. */
export type NoteStage<Stage extends string> = (stage: Stage, milliseconds: number) => void

/**
 * A histogram of seconds by `stage`, which shows where on its way something waits. What clocks that differ make negative
 * counts as nothing.
 */
export function registerStages<Stage extends string>(
  registry: Registry,
  declared: { name: string; help: string },
): NoteStage<Stage> {
  const seconds = new Histogram({
    ...declared,
    labelNames: ['stage'],
    buckets: STAGE_BUCKETS,
    registers: [registry],
  })
  // Noted for every message: looking the labels up each time would cost more than the rest.
  const ofStage = new Map<Stage, Histogram.Internal<string>>()
  return (stage, milliseconds) => {
    const known = ofStage.get(stage) ?? seconds.labels(stage)
    ofStage.set(stage, known)
    known.observe(Math.max(0, milliseconds) / 1000)
  }
}
