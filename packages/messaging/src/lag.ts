import type { Gauge, Registry } from '@rollcall/runtime/metrics'
import { groupGauge } from './group-gauge.ts'

/** A partition of a topic and the time of a record in it, in milliseconds since 1970 as Kafka writes it. */
interface RecordTime {
  topic: string
  partition: number
  timestamp: string
}

export interface LagMeter {
  /** A chunk begins: its first record is the oldest that waits. */
  waiting(at: RecordTime): void
  /** A chunk is done. `caughtUp`: nothing waits behind it. */
  handled(at: RecordTime & { caughtUp: boolean }): void
  forget(): void
}

/**
 * `consumer_lag_seconds`: age of the oldest record that waits for this group, per topic; 0 when caught up. Seconds say
 * what a number of records can't: whether somebody notices.
 */
export function createLagMeter(registry: Registry, group: string): LagMeter {
  const oldest = new Map<string, { topic: string; since: number | undefined }>()
  const set = ({ topic, partition }: RecordTime, since: number | undefined) =>
    oldest.set(`${topic}/${partition}`, { topic, since })

  function report(gauge: Gauge<'group' | 'topic'>) {
    const now = Date.now()
    for (const [topic, partitions] of Map.groupBy(oldest.values(), (it) => it.topic)) {
      const lags = partitions.map(({ since }) => (since === undefined ? 0 : Math.max(0, now - since)))
      gauge.set({ group, topic }, Math.max(...lags) / 1000)
    }
  }

  groupGauge(registry, {
    name: 'consumer_lag_seconds',
    help: 'Age of the oldest record that waits for the group',
    labels: ['group', 'topic'],
  }).report(group, report)
  return {
    waiting: (at) => set(at, Number(at.timestamp)),
    handled: (at) => set(at, at.caughtUp ? undefined : Number(at.timestamp)),
    forget: () => oldest.clear(),
  }
}
