import { message } from '@rollcall/contracts/message'
import { UserVerified } from '@rollcall/contracts/users'
import { DomainError } from '@rollcall/http/errors'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { lockUser, updateUser } from '../accounts/queries.ts'
import { accountActions, userSnapshot } from '../accounts/user.ts'
import type { User, UsersDatabase } from '../database/tables.ts'
import { useToken } from './queries.ts'
import { hashToken } from './verification-link.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
}

export interface VerificationAttempt {
  userId: string
  token: string
}

/**
 * Verifies the address of the person who holds the mailed token; `anonymous` becomes `authenticated`.
 *
 * @throws {DomainError} `InvalidToken`, alike for a token that is used, expired, edited or somebody else's.
 */
export async function verifyEmail({ transact, clock }: Deps, { userId, token }: VerificationAttempt): Promise<User> {
  const now = clock.now()
  const { verify } = accountActions
  return transact(async (tx) => {
    const user = await lockUser(tx, userId)
    if (!user || !verify.allowed(user)) throw invalidToken()
    if (!(await useToken(tx, { user, tokenHash: hashToken(token), now }))) throw invalidToken()
    const verified = await updateUser(tx, userId, { ...verify.change(user), updated_at: now })
    const fact = message(UserVerified, { data: { userId }, sequence: verified.version, at: now })
    await appendToOutbox(tx, userSnapshot(verified, now), fact)
    return verified
  })
}

export function invalidToken(): DomainError {
  return new DomainError('InvalidToken', 'this link is not valid any more')
}
