import type { KnownCaller } from '@rollcall/http/caller'
import type { Insertable, Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'

/** Keeps the newest state of each user: a row changes only for a higher sequence, whatever order messages come in. */
export async function upsertKnownUsers(
  db: Kysely<EventsDatabase>,
  users: Insertable<EventsDatabase['known_users']>[],
): Promise<void> {
  if (users.length === 0) return
  await db
    .insertInto('known_users')
    .values(users)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(({ ref }) => ({
          sequence: ref('excluded.sequence'),
          nickname: ref('excluded.nickname'),
          role: ref('excluded.role'),
          professional: ref('excluded.professional'),
          operator: ref('excluded.operator'),
          locked: ref('excluded.locked'),
          erased: ref('excluded.erased'),
        }))
        .whereRef('excluded.sequence', '>', 'known_users.sequence'),
    )
    .execute()
}

export async function insertEndedSessions(
  db: Kysely<EventsDatabase>,
  sessions: Insertable<EventsDatabase['ended_sessions']>[],
): Promise<void> {
  if (sessions.length === 0) return
  await db
    .insertInto('ended_sessions')
    .values(sessions)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ended sessions matter only as long as a token of theirs could still be good. */
export async function deleteExpiredSessions(db: Kysely<EventsDatabase>, now: Date): Promise<void> {
  await db.deleteFrom('ended_sessions').where('expires_at', '<', now).execute()
}

/** What is known of a caller, by primary keys. */
export async function findCaller(db: Kysely<EventsDatabase>, userId: string, sessionId: string): Promise<KnownCaller> {
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

/** A user's public name; null while their snapshot has not come yet. */
export async function findNickname(db: Kysely<EventsDatabase>, userId: string): Promise<string | null> {
  const user = await db.selectFrom('known_users').select('nickname').where('id', '=', userId).executeTakeFirst()
  return user?.nickname ?? null
}
