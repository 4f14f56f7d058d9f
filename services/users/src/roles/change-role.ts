import type { Role } from '@rollcall/contracts/roles'
import { seal } from '@rollcall/contracts/seal'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import { changeUser } from '../accounts/change-user.ts'
import { lockForStaff } from '../accounts/lock-for-staff.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'

export interface ChangeRoleDeps {
  transact: Transact<UsersDatabase>
  clock: Clock
  notificationsKey: JWK
}

export interface ChangeRole {
  actorId: string
  userId: string
  role: Role
  reason?: string | undefined
}

/**
 * Gives somebody another role. The role that they have already changes nothing and tells nobody.
 *
 * @throws {DomainError} `UserNotFound`, `OwnRole`; `Forbidden` when the actor has just lost their own
 */
export async function changeRole(
  { transact, clock, notificationsKey }: ChangeRoleDeps,
  command: ChangeRole,
): Promise<User> {
  const { actorId, userId, role, reason } = command
  const now = clock.now()
  const sealed = reason === undefined ? undefined : await seal(notificationsKey, { reason })
  const by = { kind: 'admin', id: actorId } as const
  return transact(async (tx) => {
    const user = await lockForStaff(tx, { action: 'changeRole', by, userId })
    if (user.role === role) return user
    const data = { userId, from: user.role, to: role, actorId, ...(sealed ? { sealed } : {}) }
    return changeUser(tx, { action: 'changeRole', by, user, changes: { role }, data, reason, now })
  })
}
