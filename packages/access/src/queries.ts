import type { Insertable, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { KnownCaller } from './caller.ts'
import type { AccessTables } from './tables.ts'

export async function insertEndedSessions(
  db: Kysely<AccessTables>,
  sessions: Insertable<AccessTables['ended_sessions']>[],
): Promise<void> {
  if (sessions.length === 0) return
  await db
    .insertInto('ended_sessions')
    .values(sessions)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ended sessions matter only as long as a token of theirs could still be good. Gives how many were forgotten. */
export async function deleteExpiredSessions(db: Kysely<AccessTables>, now: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ended_sessions where session_id in (
      select session_id from ended_sessions where expires_at < ${now} limit ${limit}
    )`.execute(db)
  return Number(numAffectedRows)
}

/** What is known of a caller, by primary keys. */
export async function findCaller(db: Kysely<AccessTables>, userId: string, sessionId: string): Promise<KnownCaller> {
  const [user, ended] = await Promise.all([
    db
      .selectFrom('known_users')
      .select(['sequence', 'role', 'professional', 'operator', 'locked', 'erased'])
      .where('id', '=', userId)
      .executeTakeFirst(),
    db.selectFrom('ended_sessions').select('session_id').where('session_id', '=', sessionId).executeTakeFirst(),
  ])
  return {
    user: user && { ...user, barred: user.locked || user.erased },
    sessionEnded: ended !== undefined,
  }
}
