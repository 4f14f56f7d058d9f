import type { Kysely, Transaction } from 'kysely'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { IssuedLink } from './links.ts'
import type { LinkPurpose } from './purpose.ts'

/** Whose account it is, and the mailbox by its key. */
export type Mailed = Pick<User, 'id' | 'email_key'>

/** Stores a new link for the address that it is mailed to. It voids those before it of its purpose, unless they are reusable. */
export async function storeLink(
  tx: Transaction<UsersDatabase>,
  user: Mailed,
  { link, now }: { link: IssuedLink; now: Date },
): Promise<void> {
  const { purpose, tokenHash, expiresAt } = link
  if (!purpose.reusable) await voidLinks(tx, user.id, [purpose])
  const row = {
    token_hash: tokenHash,
    user_id: user.id,
    purpose: purpose.name,
    email_key: user.email_key,
    created_at: now,
    expires_at: expiresAt,
  }
  await tx.insertInto('link_tokens').values(row).execute()
}

/** Links of these purposes work no longer. */
export async function voidLinks(
  tx: Transaction<UsersDatabase>,
  userId: string,
  purposes: readonly LinkPurpose[],
): Promise<void> {
  const names = purposes.map(({ name }) => name)
  await tx
    .deleteFrom('link_tokens')
    .where('user_id', '=', userId)
    .where('purpose', 'in', names)
    .where('used_at', 'is', null)
    .execute()
}

interface TokenUse {
  purpose: LinkPurpose
  tokenHash: Buffer
  now: Date
}

/** Whether a link works now; looking changes nothing, since mail scanners look too. */
export async function isLinkUsable(
  db: Kysely<UsersDatabase>,
  { userId, purpose, tokenHash, now }: TokenUse & { userId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('link_tokens')
    .innerJoin('users', 'users.id', 'link_tokens.user_id')
    .select('users.id')
    .where('token_hash', '=', tokenHash)
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose.name)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .whereRef('link_tokens.email_key', '=', 'users.email_key')
    .executeTakeFirst()
  return row !== undefined
}

/** Uses a link, and uses it up unless it is reusable: one of many at once succeeds, the others wait for it and get false. */
export async function useLink(
  tx: Transaction<UsersDatabase>,
  user: Mailed,
  { purpose, tokenHash, now }: TokenUse,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('link_tokens')
    .set(purpose.reusable ? { used_at: null } : { used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('user_id', '=', user.id)
    .where('purpose', '=', purpose.name)
    .where('email_key', '=', user.email_key)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function countMails(
  tx: Transaction<UsersDatabase>,
  { email_key }: Mailed,
  { purpose, since }: { purpose: Pick<LinkPurpose, 'name'>; since: Date },
): Promise<number> {
  const { count } = await tx
    .selectFrom('link_mails')
    .select((builder) => builder.fn.countAll<number>().as('count'))
    .where('email_key', '=', email_key)
    .where('purpose', '=', purpose.name)
    .where('requested_at', '>', since)
    .executeTakeFirstOrThrow()
  return count
}

export async function noteMail(
  tx: Transaction<UsersDatabase>,
  { id, email_key }: Mailed,
  { purpose, now }: { purpose: Pick<LinkPurpose, 'name'>; now: Date },
): Promise<void> {
  await tx
    .insertInto('link_mails')
    .values({ user_id: id, email_key, purpose: purpose.name, requested_at: now })
    .execute()
}

export async function forgetMails(tx: Transaction<UsersDatabase>, userId: string, until: Date): Promise<void> {
  await tx.deleteFrom('link_mails').where('user_id', '=', userId).where('requested_at', '<=', until).execute()
}

/** The oldest request for one of the purposes that nobody else has in hand; gone when the transaction commits. */
export function takeRequest(tx: Transaction<UsersDatabase>, purposes: readonly string[]) {
  return tx
    .deleteFrom('link_requests')
    .where('id', '=', (where) =>
      where
        .selectFrom('link_requests')
        .select('id')
        .where('purpose', 'in', purposes)
        .orderBy('requested_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'purpose', 'email_key', 'requested_at'])
    .executeTakeFirst()
}

export async function dropRequest(tx: Transaction<UsersDatabase>, id: string): Promise<void> {
  await tx.deleteFrom('link_requests').where('id', '=', id).execute()
}
