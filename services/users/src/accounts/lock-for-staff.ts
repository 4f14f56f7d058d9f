import { DomainError } from '@rollcall/http/errors'
import type { Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { type ActionName, isInReach, mayAct, type Staff } from './account-actions.ts'
import { lockUsers, lockUsersAndAdmins } from './queries.ts'
import type { User } from './tables.ts'

interface StaffAction {
  action: ActionName
  by: Staff
  userId: string
}

/** What takes a person's way in, so that it must not happen to the only admin. */
const takesAway: readonly ActionName[] = ['lock', 'erase', 'changeRole']

const isActiveAdmin = ({ role, locked, erased_at }: User) => role === 'admin' && !locked && erased_at === null

/**
 * The account that staff do something to, decided on rows that nobody else can change meanwhile: the permission was checked
 * before they were locked. Rows are locked in one order, so that two who act on each other do so one after the other.
 *
 * @throws {DomainError} `Forbidden` when the actor has just lost their own role; `UserNotFound`, also for who is out of their
 *   reach; `OwnRole`, `LastAdmin`, and `InvalidStatus` for what the account does not allow as it is now
 */
export async function lockForStaff(tx: Transaction<UsersDatabase>, { action, by, userId }: StaffAction): Promise<User> {
  const ids = [by.id, userId]
  const locked = by.kind === 'admin' ? await lockUsersAndAdmins(tx, ids) : await lockUsers(tx, ids)
  const actor = locked.find(({ id }) => id === by.id)
  if (!actor || actor.locked || actor.erased_at || actor.role !== by.kind) {
    throw new DomainError('Forbidden', 'your role does not allow this')
  }
  const user = locked.find(({ id }) => id === userId)
  if (!user || user.erased_at || !isInReach(user, by)) throw new DomainError('UserNotFound', 'there is no such user')
  if (mayAct(action, user, by)) {
    requireAnotherAdmin(action, user, locked)
    return user
  }
  if (action === 'changeRole') throw new DomainError('OwnRole', 'nobody changes their own role')
  throw new DomainError('InvalidStatus', 'this is not possible for the account as it is now')
}

/** @throws {DomainError} `LastAdmin` */
export function requireAnotherAdmin(action: ActionName, user: User, locked: readonly User[]): void {
  if (!takesAway.includes(action) || !isActiveAdmin(user)) return
  if (locked.some((other) => other.id !== user.id && isActiveAdmin(other))) return
  throw new DomainError('LastAdmin', 'one admin has to stay')
}
