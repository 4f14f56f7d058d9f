import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { FollowedLink } from '../links/api.ts'
import { invalidToken } from '../links/follow-link.ts'
import { hashToken } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { useLink } from '../links/queries.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
  verification: LinkPurpose
}

/**
 * Verifies the address of the person who holds the mailed token; `anonymous` becomes `authenticated`.
 *
 * @throws {DomainError} `InvalidToken`, alike for a token that is used, expired, edited or somebody else's.
 */
export async function verifyEmail(deps: Deps, { userId, token }: FollowedLink): Promise<User> {
  const { transact, clock, verification: purpose } = deps
  const now = clock.now()
  const by = { kind: 'link' } as const
  return transact(async (tx) => {
    const user = await lockUser(tx, userId)
    if (!user || !mayAct('verify', user, by)) throw invalidToken()
    if (!(await useLink(tx, user, { purpose, tokenHash: hashToken(token), now }))) throw invalidToken()
    return changeUser(tx, { action: 'verify', by, user, data: { userId }, now })
  })
}
