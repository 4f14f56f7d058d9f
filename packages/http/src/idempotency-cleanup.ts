import { addMilliseconds, type Clock, hours } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import type { Kysely } from 'kysely'
import type { IdempotencyTables } from './idempotency.ts'

const KEPT_MS = hours(24)
const EVERY_MS = hours(1)

interface CleanupOptions<Tables> {
  db: Kysely<Tables>
  clock: Clock
  log: Logger
}

/** Forgets answers older than 24 h, once an hour; a failed round is made up by the next. */
export function startIdempotencyCleanup<Tables extends IdempotencyTables>(options: CleanupOptions<Tables>) {
  const db = options.db as unknown as Kysely<IdempotencyTables>
  const timer = setInterval(async () => {
    const before = addMilliseconds(options.clock.now(), -KEPT_MS)
    try {
      await db.deleteFrom('idempotency_keys').where('created_at', '<', before).execute()
    } catch (error) {
      options.log.warn({ err: error }, 'old idempotency keys were not removed')
    }
  }, EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
