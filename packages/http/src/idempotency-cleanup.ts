import { addMilliseconds, type Clock, hours } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import { type Periodic, startPeriodic } from '@rollcall/runtime/periodic'
import type { Kysely } from 'kysely'
import type { IdempotencyTables } from './idempotency.ts'

const KEPT_MS = hours(24)

interface CleanupOptions<Tables> {
  db: Kysely<Tables>
  clock: Clock
  log: Logger
}

/** Forgets answers older than 24 h, once an hour. */
export function startIdempotencyCleanup<Tables extends IdempotencyTables>(options: CleanupOptions<Tables>): Periodic {
  const { clock, log } = options
  // Kysely<T> is invariant in T; the constraint above already proves that the table exists.
  const db = options.db as unknown as Kysely<IdempotencyTables>
  return startPeriodic({ name: 'idempotency-cleanup', everyMs: hours(1), log }, () =>
    db.deleteFrom('idempotency_keys').where('created_at', '<', addMilliseconds(clock.now(), -KEPT_MS)).execute(),
  )
}
