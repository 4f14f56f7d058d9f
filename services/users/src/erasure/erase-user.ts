import { eraseKept } from '@rollcall/outbox/erase'
import type { Transaction } from 'kysely'
import { type Actor, notLockedOut } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import type { User } from '../accounts/tables.ts'
import { eraseAuditDetails } from '../audit/erase-details.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { revokeSessions } from '../sessions/revoke-session.ts'

interface Erasure {
  /** Their row locked by this transaction, and another admin found where they are one. */
  user: User
  by: Actor
  now: Date
}

/** Tables whose rows are a person's alone, by the column that says whose. */
const theirs = ['sessions', 'link_tokens', 'link_mails', 'trusted_browsers', 'professional_requests'] as const

/**
 * Erases a person: every session ends, what is stored about them goes, and other services are told by a tombstone. The row
 * itself stays under a pseudonym, so that what they have done keeps its actor.
 */
export async function eraseUser(tx: Transaction<UsersDatabase>, { user, by, now }: Erasure): Promise<void> {
  const last = await revokeSessions(tx, user, { reason: 'erased', now })
  for (const table of theirs) await tx.deleteFrom(table).where('user_id', '=', user.id).execute()
  const addresses = [user.email_key, user.pending_email_key].filter((key) => key !== null)
  await tx.deleteFrom('link_requests').where('email_key', 'in', addresses).execute()
  await eraseAuditDetails(tx, user.id)
  await eraseKept(tx, [user.id])
  const data = { userId: user.id, ...('id' in by ? { actorId: by.id } : {}) }
  await changeUser(tx, { action: 'erase', by, user: last, changes: pseudonymOf(user, now), data, now })
}

function pseudonymOf({ id }: User, now: Date): Partial<Omit<User, 'id' | 'version' | 'edit'>> {
  return {
    // Nobody can have such an address: `.invalid` is no domain (RFC 2606), and the key holds no @.
    email: `${id}@erased.invalid`,
    email_key: `erased ${id}`,
    nickname: `gone-${id.replaceAll('-', '').slice(-20)}`,
    first_name: null,
    last_name: null,
    bio: null,
    location: null,
    github_url: null,
    linkedin_url: null,
    additional: {},
    public_fields: [],
    locale: 'en',
    time_zone: 'UTC',
    role: 'anonymous',
    professional: false,
    professional_since: null,
    operator: false,
    email_verified: false,
    locked: false,
    password_hash: null,
    pending_email: null,
    pending_email_key: null,
    ...notLockedOut,
    last_login_at: null,
    erased_at: now,
  }
}
