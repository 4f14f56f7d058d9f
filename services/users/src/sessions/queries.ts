import type { KnownCaller } from '@rollcall/access/caller'
import type { Insertable, Kysely, Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'

export async function insertSession(tx: Transaction<UsersDatabase>, session: Insertable<UsersDatabase['sessions']>) {
  await tx.insertInto('sessions').values(session).execute()
}

interface NewRefreshToken {
  tokenHash: Buffer
  sessionId: string
  now: Date
}

export async function insertRefreshToken(
  tx: Transaction<UsersDatabase>,
  { tokenHash, sessionId, now }: NewRefreshToken,
) {
  await tx
    .insertInto('refresh_tokens')
    .values({ token_hash: tokenHash, session_id: sessionId, created_at: now })
    .execute()
}

/** The token with its session and owner, its row locked: of parallel uses one goes first. */
export function lockRefreshToken(tx: Transaction<UsersDatabase>, tokenHash: Buffer) {
  return tx
    .selectFrom('refresh_tokens')
    .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .select(['session_id', 'user_id', 'replaced_at', 'ended_at', 'expires_at'])
    .where('token_hash', '=', tokenHash)
    .forUpdate('refresh_tokens')
    .executeTakeFirst()
}

export async function markReplaced(tx: Transaction<UsersDatabase>, tokenHash: Buffer, now: Date): Promise<void> {
  await tx.updateTable('refresh_tokens').set({ replaced_at: now }).where('token_hash', '=', tokenHash).execute()
}

interface SessionEnd {
  sessionId: string
  reason: 'reuse' | 'sign-out'
  now: Date
}

/** False when the session had ended before. */
export async function endSession(tx: Transaction<UsersDatabase>, { sessionId, reason, now }: SessionEnd) {
  const ended = await tx
    .updateTable('sessions')
    .set({ ended_at: now, end_reason: reason })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .returning(['id', 'user_id', 'expires_at'])
    .executeTakeFirst()
  return ended !== undefined
}

/** Whose token it is and whether its session lives: one query by primary keys. */
export async function findCaller(db: Kysely<UsersDatabase>, userId: string, sessionId: string): Promise<KnownCaller> {
  const row = await db
    .selectFrom('users')
    .leftJoin('sessions', (join) => join.on('sessions.id', '=', sessionId).onRef('sessions.user_id', '=', 'users.id'))
    .select(['version', 'role', 'professional', 'operator', 'locked', 'sessions.id as session_id', 'ended_at'])
    .where('users.id', '=', userId)
    .executeTakeFirst()
  if (!row) return { user: undefined, sessionEnded: true }
  const { role, professional, operator, locked } = row
  return {
    user: { sequence: row.version, role, professional, operator, barred: locked },
    sessionEnded: row.session_id === null || row.ended_at !== null,
  }
}
