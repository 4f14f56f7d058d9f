import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { FollowedLink } from '../links/api.ts'
import { invalidToken } from '../links/follow-link.ts'
import { hashToken } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { useLink } from '../links/queries.ts'
import { trustBrowser } from './trusted-browser.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
  unlock: LinkPurpose
}

/**
 * Ends a lockout, if there is one, and trusts the browser that asks.
 *
 * @returns the cookie that the browser is known by
 * @throws {DomainError} `InvalidToken`
 */
export async function unlockAccount(
  { transact, clock, unlock: purpose }: Deps,
  { userId, token }: FollowedLink,
): Promise<string> {
  const now = clock.now()
  const by = { kind: 'link' } as const
  return transact(async (tx) => {
    const user = await lockUser(tx, userId)
    if (!user || user.locked || !(await useLink(tx, user, { purpose, tokenHash: hashToken(token), now }))) {
      throw invalidToken()
    }
    const data = { userId, cause: 'failed-sign-ins', by: 'link' } as const
    if (mayAct('endLockout', user, by)) await changeUser(tx, { action: 'endLockout', by, user, data, now })
    return trustBrowser(tx, userId, now)
  })
}
