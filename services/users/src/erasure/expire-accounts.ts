import type { Transact } from '@rollcall/outbox/transact'
import { addMilliseconds, type Clock, days } from '@rollcall/runtime/clock'
import { mayAct } from '../accounts/account-actions.ts'
import { userColumns } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { eraseUser } from './erase-user.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
}

/** An address is not kept from its owner by somebody who cannot prove it. */
const UNVERIFIED_KEPT_MS = days(7)

/** Each of them takes several statements: fewer at a time than of plain rows. */
const MOST_AT_ONCE = 50

const by = { kind: 'system' } as const

/**
 * Erases at most `limit` accounts whose owners signed up and never proved their address. Those that staff have made wait:
 * they have no password yet. Gives how many were erased, as `limit` where there are more.
 */
export async function expireAccounts({ transact, clock }: Deps, limit: number): Promise<number> {
  const now = clock.now()
  const erased = await transact(async (tx) => {
    const users = await tx
      .selectFrom('users')
      .select(userColumns)
      .where('email_verified', '=', false)
      .where('created_at', '<', addMilliseconds(now, -UNVERIFIED_KEPT_MS))
      .where('role', '=', 'anonymous')
      .where('password_hash', 'is not', null)
      .where('locked', '=', false)
      .where('erased_at', 'is', null)
      .orderBy('created_at')
      .limit(MOST_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const user of users) if (mayAct('erase', user, by)) await eraseUser(tx, { user, by, now })
    return users.length
  })
  return erased === MOST_AT_ONCE ? limit : erased
}
