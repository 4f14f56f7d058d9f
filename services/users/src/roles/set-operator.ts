import { changeUser } from '../accounts/change-user.ts'
import { lockForStaff } from '../accounts/lock-for-staff.ts'
import type { User } from '../accounts/tables.ts'
import type { ChangeRoleDeps } from './change-role.ts'

interface SetOperator {
  actorId: string
  userId: string
  operator: boolean
}

/**
 * Gives or withdraws the operator status. What somebody has already changes nothing and tells nobody.
 *
 * @throws {DomainError} `UserNotFound`; `Forbidden` when the actor has just lost their own role
 */
export function setOperator(
  { transact, clock }: Pick<ChangeRoleDeps, 'transact' | 'clock'>,
  { actorId, userId, operator }: SetOperator,
): Promise<User> {
  const now = clock.now()
  const by = { kind: 'admin', id: actorId } as const
  return transact(async (tx) => {
    const user = await lockForStaff(tx, { action: 'update', by, userId })
    if (user.operator === operator) return user
    const action = operator ? 'grantOperator' : 'withdrawOperator'
    return changeUser(tx, { action, by, user, data: { userId, actorId }, now })
  })
}
