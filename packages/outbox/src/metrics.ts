import type { Logger } from '@rollcall/runtime/logger'
import { Gauge, type Registry } from '@rollcall/runtime/metrics'
import type { Kysely } from 'kysely'
import { readState } from './queries.ts'
import type { OutboxTables } from './tables.ts'

/** `outbox_depth`, `outbox_oldest_age_seconds` and `outbox_parked`, read from the database when they are asked for. */
export function registerOutboxMetrics({
  db,
  registry,
  log,
}: {
  db: Kysely<OutboxTables>
  registry: Registry
  log: Logger
}) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const oldest = gauge('outbox_oldest_age_seconds', 'Age of the oldest message that Kafka has not acknowledged')
  const parked = gauge('outbox_parked', 'Messages that the broker refused for themselves')
  new Gauge({
    name: 'outbox_depth',
    help: 'Messages that Kafka has not acknowledged',
    registers: [registry],
    async collect() {
      try {
        const state = await readState(db)
        this.set(state.depth)
        oldest.set(state.oldestAgeSeconds)
        parked.set(state.parked)
      } catch (error) {
        // The last known figures stay; a scrape must answer while the database is away.
        log.debug({ err: error }, 'the outbox could not be measured')
      }
    },
  })
}
