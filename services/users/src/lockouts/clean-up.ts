import { addMilliseconds, days } from '@rollcall/runtime/clock'
import { type Kysely, sql } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'

/** Longer than the longest lockout: what is forgotten locks nobody out any more. */
const STRANGERS_KEPT_MS = days(1)

/** Forgets at most `limit` counts of guesses at addresses that nobody has. Gives how many there were. */
export async function removeStrangers(db: Kysely<UsersDatabase>, now: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from stranger_guesses where id in (
      select id from stranger_guesses where touched_at < ${addMilliseconds(now, -STRANGERS_KEPT_MS)} limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows)
}

/** Removes at most `limit` browsers that are trusted no longer. Gives how many there were. */
export async function removeDistrustedBrowsers(db: Kysely<UsersDatabase>, now: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from trusted_browsers where id in (
      select id from trusted_browsers where expires_at <= ${now} limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows)
}
