import type { Kysely, Transaction } from 'kysely'
import type { User, UsersDatabase } from '../database/tables.ts'

interface TokenUse {
  userId: string
  tokenHash: Buffer
  now: Date
}

/** Whether the link works now; looking changes nothing, since mail scanners look too. */
export async function isTokenUsable(db: Kysely<UsersDatabase>, { userId, tokenHash, now }: TokenUse): Promise<boolean> {
  const row = await db
    .selectFrom('link_tokens')
    .innerJoin('users', 'users.id', 'link_tokens.user_id')
    .select('users.id')
    .where('token_hash', '=', tokenHash)
    .where('user_id', '=', userId)
    .where('purpose', '=', 'verify-email')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .whereRef('link_tokens.email_key', '=', 'users.email_key')
    .executeTakeFirst()
  return row !== undefined
}

/** Uses a token up. One of many at once succeeds; the others wait for it and get false. */
export async function useToken(
  tx: Transaction<UsersDatabase>,
  { user, tokenHash, now }: Omit<TokenUse, 'userId'> & { user: User },
) {
  const { numUpdatedRows } = await tx
    .updateTable('link_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('user_id', '=', user.id)
    .where('purpose', '=', 'verify-email')
    .where('email_key', '=', user.email_key)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** A new link voids those before it. */
export async function voidTokens(tx: Transaction<UsersDatabase>, userId: string): Promise<void> {
  await tx
    .deleteFrom('link_tokens')
    .where('user_id', '=', userId)
    .where('purpose', '=', 'verify-email')
    .where('used_at', 'is', null)
    .execute()
}

export async function countMailsSince(tx: Transaction<UsersDatabase>, userId: string, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('link_mails')
    .select((builder) => builder.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('requested_at', '>', since)
    .executeTakeFirstOrThrow()
  return count
}

export async function noteMail(tx: Transaction<UsersDatabase>, userId: string, now: Date): Promise<void> {
  await tx.insertInto('link_mails').values({ user_id: userId, requested_at: now }).execute()
}
