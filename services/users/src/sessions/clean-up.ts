import { addMilliseconds, days } from '@rollcall/runtime/clock'
import { type Kysely, sql } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'

/** Ended sessions are kept that long, so that a stolen token that comes late is seen for what it is. */
const ENDED_KEPT_MS = days(7)

/** Removes at most `limit` sessions that nobody can go on with, and their tokens. Gives how many there were. */
export async function removeEndedSessions(db: Kysely<UsersDatabase>, now: Date, limit: number): Promise<number> {
  const until = addMilliseconds(now, -ENDED_KEPT_MS)
  const { numAffectedRows } = await sql`
    delete from sessions where id in (
      select id from sessions where expires_at < ${until} or ended_at < ${until} limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows)
}
