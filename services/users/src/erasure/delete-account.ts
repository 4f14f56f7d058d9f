import { unauthenticated } from '@rollcall/http/refusals'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Staff } from '../accounts/account-actions.ts'
import { lockForStaff, requireAnotherAdmin } from '../accounts/lock-for-staff.ts'
import { lockUsersAndAdmins } from '../accounts/queries.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { eraseUser } from './erase-user.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
}

/** Erases the account of who asks. @throws {DomainError} `LastAdmin` */
export async function deleteOwnAccount({ transact, clock }: Deps, userId: string): Promise<void> {
  const by = { kind: 'owner' } as const
  await transact(async (tx) => {
    const locked = await lockUsersAndAdmins(tx, [userId])
    const user = locked.find(({ id }) => id === userId)
    if (!user || user.erased_at) throw unauthenticated('the account does not exist any more')
    requireAnotherAdmin('erase', user, locked)
    await eraseUser(tx, { user, by, now: clock.now() })
  })
}

/** Erases somebody's account. @throws {DomainError} as `lockForStaff` */
export async function deleteUser({ transact, clock }: Deps, by: Staff, userId: string): Promise<void> {
  await transact(async (tx) => {
    const user = await lockForStaff(tx, { action: 'erase', by, userId })
    await eraseUser(tx, { user, by, now: clock.now() })
  })
}
