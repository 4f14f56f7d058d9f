import { emailKey } from '@rollcall/http/email-address'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import { type Actor, mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { findUserByEmail, lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { Links } from '../links/links.ts'
import { takeMail } from '../links/mail-limit.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { storeLink } from '../links/queries.ts'

export interface EmailChangeDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  links: Links
  confirmation: LinkPurpose
  /** Otherwise an address that has an account is asked for as one that has none: only whoever reads its mails learns it. */
  disclosesAccounts: boolean
}

interface EmailChange {
  userId: string
  by: Actor
  actorId: string
  email: string
}

/**
 * Notes another address, which counts once whoever reads its mails has confirmed it. Until then the present one stays.
 *
 * @throws {DomainError} `UserNotFound`, `EmailTaken`, `InvalidStatus` for an account that has not proven its first address or
 *   has this one already, `RateLimited` where the mailbox has got as many mails as it may
 */
export async function requestEmailChange(deps: EmailChangeDeps, change: EmailChange): Promise<User> {
  const { db, transact, clock, links, confirmation: purpose } = deps
  const { userId, by, actorId, email } = change
  const key = emailKey(email)
  const holder = deps.disclosesAccounts ? await findUserByEmail(db, key) : undefined
  if (holder && holder.id !== userId) {
    throw new DomainError('EmailTaken', 'another account has this address')
  }
  const now = clock.now()
  const link = await links.issue(purpose, userId, { now, also: { email } })
  return transact(async (tx) => {
    const user = await lockUser(tx, userId)
    if (!user || user.erased_at) throw new DomainError('UserNotFound', 'there is no such user')
    if (user.email_key === key || !mayAct('requestEmailChange', user, by)) {
      throw new DomainError('InvalidStatus', 'the account has this address already, or has not proven its first one')
    }
    if (!(await takeMail(tx, { id: userId, email_key: key }, { purpose, now }))) {
      throw new DomainError('RateLimited', 'this mailbox has got as many mails as it may; try again in an hour', {
        headers: { 'retry-after': '3600' },
      })
    }
    // Bound to the address that the account has now: once that has changed in another way, the link is void.
    await storeLink(tx, user, { link, now })
    const changes = { pending_email: email, pending_email_key: key }
    const data = { userId, actorId, sealed: link.sealed }
    return changeUser(tx, { action: 'requestEmailChange', by, user, changes, data, now })
  })
}
