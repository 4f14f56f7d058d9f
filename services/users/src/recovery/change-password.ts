import { DomainError } from '@rollcall/http/errors'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { voidLinks } from '../links/queries.ts'
import { requireStrong } from '../passwords/password-rules.ts'
import { type ConfirmDeps, confirmPassword, type OwnerCaller } from '../sessions/confirm-owner.ts'
import { revokeSessions } from '../sessions/revoke-session.ts'

export interface ChangePasswordDeps extends ConfirmDeps {
  passwordPurposes: readonly LinkPurpose[]
}

interface ChangePassword {
  caller: OwnerCaller
  currentPassword: string
  newPassword: string
}

/**
 * Another password for somebody who knows the present one. Every other session ends, and links that would choose a password
 * are void.
 *
 * @throws {DomainError} `ValidationError` for a wrong current or a weak new password, `Busy`
 */
export async function changePassword(
  deps: ChangePasswordDeps,
  { caller, currentPassword, newPassword }: ChangePassword,
): Promise<User> {
  const { transact, clock, passwords, passwordPurposes } = deps
  const field = 'currentPassword'
  const known = await confirmPassword(deps, caller, { field, password: currentPassword })
  requireStrong('newPassword', newPassword, known)
  const password_hash = await passwords.hash(newPassword)
  const now = clock.now()
  return transact(async (tx) => {
    const locked = await lockUser(tx, caller.id)
    // Hashing takes long enough for another change to have come first.
    if (!locked || locked.password_hash !== known.password_hash) {
      throw new DomainError('ValidationError', `not accepted: ${field}`, {
        details: { [field]: 'is not your password' },
      })
    }
    await voidLinks(tx, caller.id, passwordPurposes)
    const user = await revokeSessions(tx, locked, { except: caller.sessionId, reason: 'password-changed', now })
    const by = { kind: 'owner' } as const
    const data = { userId: caller.id, how: 'change' } as const
    return changeUser(tx, { action: 'changePassword', by, user, changes: { password_hash }, data, now })
  })
}
