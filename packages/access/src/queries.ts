import { joinCalls } from '@rollcall/runtime/join-calls'
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
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

interface Asked {
  userId: string
  sessionId: string
}

const MOST_TOGETHER = 100

/**
 * What is known of a caller, by primary keys. Every request asks, so those that come while a statement is under way are
 * answered by one statement behind it; it is read after they came, all the same.
 */
export function createFindCaller(
  db: Kysely<AccessTables>,
): (userId: string, sessionId: string) => Promise<KnownCaller> {
  const find = joinCalls((asked: Asked[]) => findCallers(db, asked), { most: MOST_TOGETHER })
  return (userId, sessionId) => find({ userId, sessionId })
}

interface FoundCaller extends Pick<Selectable<AccessTables['known_users']>, 'role' | 'professional' | 'operator'> {
  sequence: number | null
  barred: boolean
  session_ended: boolean
}

/** Each in the order in which they were asked for. */
async function findCallers(db: Kysely<AccessTables>, asked: Asked[]): Promise<KnownCaller[]> {
  const { rows } = await sql<FoundCaller>`
    select u.sequence, u.role, u.professional, u.operator, u.locked or u.erased as barred,
      exists (select from ended_sessions e where e.session_id = asked.session_id) as session_ended
    from unnest(${asked.map(({ userId }) => userId)}::uuid[], ${asked.map(({ sessionId }) => sessionId)}::uuid[])
      with ordinality as asked (user_id, session_id, place)
    left join known_users u on u.id = asked.user_id
    order by asked.place
  `.execute(db)
  return rows.map(({ session_ended, sequence, ...user }) => ({
    user: sequence === null ? undefined : { ...user, sequence },
    sessionEnded: session_ended,
  }))
}
