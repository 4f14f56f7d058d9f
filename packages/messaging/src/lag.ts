import { Gauge, type Registry } from 'prom-client'

export interface LagMeter {
  /** A batch begins: its first record is the oldest that waits. `caughtUp`: nothing is left behind it. */
  waiting(at: { topic: string; partition: number; timestamp: string }): void
  handled(at: { topic: string; partition: number; timestamp: string; caughtUp: boolean }): void
  forget(): void
  /** Writes the gauge. */
  report(now: number): void
}

/**
 * `consumer_lag_seconds`: age of the oldest record that waits for this group, per topic; 0 when caught up. Seconds say
 * what a number of records can't: whether somebody notices.
 */
export function createLagMeter(registry: Registry, group: string): LagMeter {
  const gauge = findOrCreateGauge(registry)
  const oldest = new Map<string, { topic: string; since: number | undefined }>()
  const set = (topic: string, partition: number, since: number | undefined) =>
    oldest.set(`${topic}/${partition}`, { topic, since })

  return {
    waiting: ({ topic, partition, timestamp }) => set(topic, partition, Number(timestamp)),
    handled: ({ topic, partition, timestamp, caughtUp }) =>
      set(topic, partition, caughtUp ? undefined : Number(timestamp)),
    forget: () => oldest.clear(),
    report(now) {
      const byTopic = Map.groupBy(oldest.values(), ({ topic }) => topic)
      for (const [topic, partitions] of byTopic) {
        const lags = partitions.map(({ since }) => (since === undefined ? 0 : Math.max(0, now - since)))
        gauge.set({ group, topic }, Math.max(...lags) / 1000)
      }
    },
  }
}

/** A process runs several groups on one registry, which refuses the same name twice. */
function findOrCreateGauge(registry: Registry): Gauge<'group' | 'topic'> {
  const name = 'consumer_lag_seconds'
  const existing = registry.getSingleMetric(name)
  if (existing instanceof Gauge) return existing
  const help = 'Age of the oldest record that waits for the group'
  return new Gauge({ name, help, labelNames: ['group', 'topic'], registers: [registry] })
}
