import type { Logger } from '@rollcall/runtime/logger'
import { Gauge, type NoteStage, type Registry, registerStages } from '@rollcall/runtime/metrics'
import type { Kysely } from 'kysely'
import { type OutboxState, readState } from './queries.ts'
import type { OutboxTables } from './tables.ts'

interface Measured {
  db: Kysely<OutboxTables>
  registry: Registry
  log: Logger
}

/** `read`: from the commit until the relay has it; `acknowledged`: from there until Kafka has it. */
export type OutboxStage = 'read' | 'acknowledged'

/** `outbox_stage_seconds`. */
export function registerOutboxStages(registry: Registry): NoteStage<OutboxStage> {
  const help = 'Where messages wait: until the relay reads them, and until Kafka acknowledges them'
  return registerStages(registry, { name: 'outbox_stage_seconds', help })
}

/** `outbox_depth`, `outbox_oldest_age_seconds` and `outbox_parked`, read from the database when they are asked for. */
export function registerOutboxMetrics({ db, registry, log }: Measured) {
  let reading: Promise<OutboxState> | undefined

  /** One query for the gauges of one scrape. */
  function readOnce() {
    reading ??= readState(db).finally(() => {
      reading = undefined
    })
    return reading
  }

  function register(name: string, help: string, pick: (state: OutboxState) => number) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        try {
          this.set(pick(await readOnce()))
        } catch (error) {
          // The last known figure stays: a scrape must answer while the database is away.
          log.debug({ err: error }, 'the outbox could not be measured')
        }
      },
    })
  }

  register('outbox_depth', 'Messages that Kafka has not acknowledged', ({ depth }) => depth)
  register('outbox_oldest_age_seconds', 'Age of the oldest of them', ({ oldestAgeSeconds }) => oldestAgeSeconds)
  register('outbox_parked', 'Messages that the broker refused for themselves', ({ parked }) => parked)
}
