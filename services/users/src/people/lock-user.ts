import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Staff } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockForStaff } from '../accounts/lock-for-staff.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { revokeSessions } from '../sessions/revoke-session.ts'

export interface LockUserDeps {
  transact: Transact<UsersDatabase>
  clock: Clock
}

interface LockUser {
  userId: string
  by: Staff
  reason?: string | undefined
}

/**
 * Bars every way in and ends every session.
 *
 * @throws {DomainError} as `lockForStaff`
 */
export function lockUser({ transact, clock }: LockUserDeps, { userId, by, reason }: LockUser): Promise<User> {
  const now = clock.now()
  return transact(async (tx) => {
    const user = await lockForStaff(tx, { action: 'lock', by, userId })
    const data = { userId, cause: 'staff', actorId: by.id } as const
    const locked = await changeUser(tx, { action: 'lock', by, user, data, reason, now })
    return revokeSessions(tx, locked, { reason: 'locked', now })
  })
}

/**
 * Lifts a lock by staff and a lockout alike.
 *
 * @throws {DomainError} as `lockForStaff`
 */
export function unlockUser({ transact, clock }: LockUserDeps, { userId, by, reason }: LockUser): Promise<User> {
  const now = clock.now()
  return transact(async (tx) => {
    const user = await lockForStaff(tx, { action: 'unlock', by, userId })
    const cause = user.locked ? ('staff' as const) : ('failed-sign-ins' as const)
    const data = { userId, cause, by: 'staff', actorId: by.id } as const
    return changeUser(tx, { action: 'unlock', by, user, data, reason, now })
  })
}
