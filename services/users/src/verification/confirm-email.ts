import { seal } from '@rollcall/contracts/seal'
import type { FormerAddress } from '@rollcall/contracts/users'
import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { FollowedLink } from '../links/api.ts'
import { invalidToken } from '../links/follow-link.ts'
import { hashToken } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { useLink } from '../links/queries.ts'

export interface ConfirmEmailDeps {
  transact: Transact<UsersDatabase>
  clock: Clock
  notificationsKey: JWK
  confirmation: LinkPurpose
}

const by = { kind: 'link' } as const

/**
 * Lets the address that waits count, and has the one before told. Sessions go on, and links that were mailed to the address
 * before are void, as they are bound to it.
 *
 * @throws {DomainError} `InvalidToken`; `EmailTaken` where somebody else has signed up with it meanwhile
 */
export async function confirmEmail(deps: ConfirmEmailDeps, { userId, token }: FollowedLink): Promise<void> {
  const { transact, clock, notificationsKey, confirmation: purpose } = deps
  const now = clock.now()
  try {
    await transact(async (tx) => {
      const user = await lockUser(tx, userId)
      if (!user || !mayAct('changeEmail', user, by)) throw invalidToken()
      const { pending_email: email, pending_email_key: key } = user
      if (email === null || key === null) throw invalidToken()
      if (!(await useLink(tx, user, { purpose, tokenHash: hashToken(token), now }))) throw invalidToken()
      const former: FormerAddress = { email: user.email }
      const changes = { email, email_key: key, pending_email: null, pending_email_key: null }
      const data = { userId, sealed: await seal(notificationsKey, former) }
      await changeUser(tx, { action: 'changeEmail', by, user, changes, data, now })
    })
  } catch (error) {
    if (violatedUniqueConstraint(error) !== 'users_email_key') throw error
    throw new DomainError('EmailTaken', 'another account has this address by now')
  }
}
