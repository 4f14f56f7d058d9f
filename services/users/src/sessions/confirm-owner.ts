import { DomainError } from '@rollcall/http/errors'
import { unauthenticated } from '@rollcall/http/refusals'
import type { Transact } from '@rollcall/outbox/transact'
import { addMilliseconds, minutes } from '@rollcall/runtime/clock'
import { findUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { CredentialDeps } from './check-credentials.ts'
import { findOwnSession } from './queries.ts'

export interface ConfirmDeps extends CredentialDeps {
  transact: Transact<UsersDatabase>
}

/** The signed-in user who asks. */
export interface OwnerCaller {
  id: string
  sessionId: string
}

/** A sign-in of that age shows by itself that the owner sits there (OWASP ASVS 5.0, 7.5.1). */
const FRESH_MS = minutes(5)

/**
 * Makes sure that a signed-in user is who they say, before something that a thief of their session must not do: by the
 * password, or by a sign-in of the last five minutes.
 *
 * @throws {DomainError} `ValidationError`, `Busy`
 */
export async function confirmOwner(
  deps: ConfirmDeps,
  caller: OwnerCaller,
  password: string | undefined,
): Promise<User> {
  if (password !== undefined) return confirmPassword(deps, caller, { field: 'password', password })
  const [user, session] = await Promise.all([
    findUser(deps.db, caller.id),
    findOwnSession(deps.db, caller.id, caller.sessionId),
  ])
  if (!user) throw unauthenticated('the account does not exist any more')
  if (session && session.created_at > addMilliseconds(deps.clock.now(), -FRESH_MS)) return user
  throw refused('password', 'is needed, as the last sign-in is more than five minutes ago')
}

/**
 * A wrong password counts as a failed sign-in does: a stolen session is no way around the lockout.
 *
 * @throws {DomainError} `ValidationError` for a wrong one, `Busy`
 */
export async function confirmPassword(
  { db, passwords, guess }: ConfirmDeps,
  { id }: OwnerCaller,
  { field, password }: { field: string; password: string },
): Promise<User> {
  const user = await findUser(db, id)
  if (!user) throw unauthenticated('the account does not exist any more')
  const right = await guess({ table: 'users', id }, (counts) =>
    passwords.matches(password, counts ? user.password_hash : undefined),
  )
  if (!right) throw refused(field, 'is not your password')
  return user
}

function refused(field: string, message: string): DomainError {
  return new DomainError('ValidationError', `not accepted: ${field}`, { details: { [field]: message } })
}
