import type { KnownCaller } from '@rollcall/access/caller'
import type { Insertable, Kysely, Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { SessionEnd } from './tables.ts'

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
    .select(['session_id', 'user_id', 'replaced_at', 'ended_at', 'expires_at', 'last_used_at'])
    .where('token_hash', '=', tokenHash)
    .forUpdate('refresh_tokens')
    .executeTakeFirst()
}

export async function markReplaced(tx: Transaction<UsersDatabase>, tokenHash: Buffer, now: Date): Promise<void> {
  await tx.updateTable('refresh_tokens').set({ replaced_at: now }).where('token_hash', '=', tokenHash).execute()
}

/** False when the session had ended before. */
export async function endSession(
  tx: Transaction<UsersDatabase>,
  { sessionId, reason, now }: { sessionId: string; reason: SessionEnd; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ ended_at: now, end_reason: reason })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Where a client calls from, and what it calls itself. */
export interface Client {
  address: string
  device: string | null
}

export async function noteUse(
  tx: Transaction<UsersDatabase>,
  { sessionId, client, now }: { sessionId: string; client: Client; now: Date },
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ ...client, last_used_at: now })
    .where('id', '=', sessionId)
    .execute()
}

/** Sessions of a person that can be gone on with, the last used first. */
export function listLivingSessions(
  db: Kysely<UsersDatabase>,
  userId: string,
  { now, unusedSince }: { now: Date; unusedSince: Date },
) {
  return db
    .selectFrom('sessions')
    .select(['id', 'created_at', 'expires_at', 'last_used_at', 'address', 'device'])
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where('last_used_at', '>', unusedSince)
    .orderBy('last_used_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Sessions whose tokens may still be taken: also those that are too old to be refreshed. */
export async function listSessionsToEnd(tx: Transaction<UsersDatabase>, userId: string, now: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Whether it is a session of this person's that has not ended. */
export async function findOwnSession(db: Kysely<UsersDatabase>, userId: string, sessionId: string) {
  return db
    .selectFrom('sessions')
    .select(['id', 'created_at'])
    .where('id', '=', sessionId)
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

/** Whose token it is and whether its session lives: one query by primary keys. */
export async function findCaller(db: Kysely<UsersDatabase>, userId: string, sessionId: string): Promise<KnownCaller> {
  const row = await db
    .selectFrom('users')
    .leftJoin('sessions', (join) => join.on('sessions.id', '=', sessionId).onRef('sessions.user_id', '=', 'users.id'))
    .select([
      'version',
      'role',
      'professional',
      'operator',
      'locked',
      'erased_at',
      'sessions.id as session_id',
      'ended_at',
    ])
    .where('users.id', '=', userId)
    .executeTakeFirst()
  if (!row) return { user: undefined, sessionEnded: true }
  const { role, professional, operator, locked, erased_at } = row
  return {
    user: { sequence: row.version, role, professional, operator, barred: locked || erased_at !== null },
    sessionEnded: row.session_id === null || row.ended_at !== null,
  }
}
