import type { Role } from '@rollcall/contracts/roles'
import { seal } from '@rollcall/contracts/seal'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { lockUsersAndAdmins } from './queries.ts'

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
  return transact(async (tx) => {
    const locked = await lockUsersAndAdmins(tx, [actorId, userId])
    const user = decide(locked, command)
    if (user.role === role) return user
    const data = { userId, from: user.role, to: role, actorId, ...(sealed ? { sealed } : {}) }
    const by = { kind: 'admin', id: actorId } as const
    return changeUser(tx, { action: 'changeRole', by, user, changes: { role }, data, now })
  })
}

/**
 * Decides on rows that nobody else can change meanwhile: the permission was checked before they were locked. An admin
 * always stays, as the actor is one and nobody changes their own role.
 */
function decide(locked: User[], { actorId, userId }: ChangeRole): User {
  const admins = locked.filter((user) => user.role === 'admin')
  if (!admins.some((admin) => admin.id === actorId)) throw new DomainError('Forbidden', 'your role does not allow this')
  const user = locked.find(({ id }) => id === userId)
  if (!user) throw new DomainError('UserNotFound', 'there is no such user')
  const by = { kind: 'admin', id: actorId } as const
  if (!mayAct('changeRole', user, by)) throw new DomainError('OwnRole', 'nobody changes their own role')
  return user
}
