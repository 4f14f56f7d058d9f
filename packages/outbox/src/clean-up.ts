import { startCleanUp } from '@rollcall/runtime/clean-up'
import { addMilliseconds, type Clock, days, hours } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import type { Periodic } from '@rollcall/runtime/periodic'
import { type Kysely, sql } from 'kysely'
import type { IdempotencyTables } from './idempotency.ts'
import type { OutboxTables } from './tables.ts'

const ANSWERS_KEPT_MS = hours(24)
/** As long as dead letters: enough for somebody to look, and no longer, as they may hold personal data. */
const PARKED_KEPT_MS = days(30)

/** Forgets parked messages after 30 days. */
export function startOutboxCleanUp<Tables extends OutboxTables>(options: {
  db: Kysely<Tables>
  log: Logger
}): Periodic {
  return startCleanUp({ name: 'parked-messages', log: options.log }, (limit) => removeParked(options.db, limit))
}

export async function removeParked<Tables extends OutboxTables>(db: Kysely<Tables>, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from outbox_parked where position in (
      select position from outbox_parked
      where parked_at < now() - make_interval(secs => ${PARKED_KEPT_MS / 1000}) limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows)
}

interface AnswersOptions<Tables> {
  db: Kysely<Tables>
  clock: Clock
  log: Logger
}

/** Forgets stored answers after 24 h. */
export function startAnswersCleanUp<Tables extends IdempotencyTables>(options: AnswersOptions<Tables>): Periodic {
  const { db, clock, log } = options
  return startCleanUp({ name: 'stored-answers', log }, (limit) => removeAnswers(db, clock.now(), limit))
}

export async function removeAnswers<Tables extends IdempotencyTables>(
  db: Kysely<Tables>,
  now: Date,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_keys where id in (
      select id from idempotency_keys where created_at < ${addMilliseconds(now, -ANSWERS_KEPT_MS)} limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows)
}
