import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import { mayAct, notLockedOut } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { findUser, lockUser } from '../accounts/queries.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { FollowedLink } from '../links/api.ts'
import { invalidToken, requireUsable } from '../links/follow-link.ts'
import { hashToken } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { useLink, voidLinks } from '../links/queries.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'
import { requireStrong } from '../passwords/password-rules.ts'
import { revokeSessions } from '../sessions/revoke-session.ts'

export interface ChoosePasswordDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  passwords: PasswordHasher
  /** Links that choose a password: using one voids them all. */
  passwordPurposes: readonly LinkPurpose[]
}

interface ChoosePassword {
  purpose: LinkPurpose
  how: 'reset' | 'set'
  password: string
}

const by = { kind: 'link' } as const

/**
 * A new password for whoever holds a mailed link, which proves the address as well: an account that somebody else signed up
 * with it is theirs from then on. All sessions end, and so does a lockout.
 *
 * @throws {DomainError} `InvalidToken`, `ValidationError` for a weak password, `Busy`
 */
export async function choosePassword(
  deps: ChoosePasswordDeps,
  link: FollowedLink,
  { purpose, how, password }: ChoosePassword,
): Promise<void> {
  const { userId, token } = link
  // Hashing is dear: a dead link is refused before.
  await requireUsable(deps, purpose, link)
  const owner = await findUser(deps.db, userId)
  if (!owner) throw invalidToken()
  requireStrong('password', password, owner)
  const password_hash = await deps.passwords.hash(password)
  const now = deps.clock.now()
  await deps.transact(async (tx) => {
    const found = await lockUser(tx, userId)
    if (!found || !mayAct('resetPassword', found, by)) throw invalidToken()
    if (!(await useLink(tx, found, { purpose, tokenHash: hashToken(token), now }))) throw invalidToken()
    await voidLinks(tx, userId, deps.passwordPurposes)
    const proven = mayAct('verify', found, by)
      ? await changeUser(tx, { action: 'verify', by, user: found, data: { userId }, now })
      : found
    const user = await revokeSessions(tx, proven, { reason: 'password-changed', now })
    const changes = { password_hash, ...notLockedOut }
    await changeUser(tx, { action: 'resetPassword', by, user, changes, data: { userId, how }, now })
  })
}
