import { type Kysely, sql } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'

/** Removes at most `limit` links that have ended, used or not. Gives how many there were. */
export async function removeEndedLinks(db: Kysely<UsersDatabase>, now: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from link_tokens where token_hash in (
      select token_hash from link_tokens where expires_at <= ${now} limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows)
}
