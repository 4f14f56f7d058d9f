import { seal } from '@rollcall/contracts/seal'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import type { Kysely } from 'kysely'
import type { Staff } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockForStaff } from '../accounts/lock-for-staff.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { decideOpenRequest, findRequest } from './queries.ts'

export interface DecideDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  notificationsKey: JWK
}

interface Decide {
  userId: string
  by: Staff
  reason?: string | undefined
}

/**
 * Gives somebody the professional status; a request of theirs is granted by it.
 *
 * @throws {DomainError} as `lockForStaff`
 */
export function grantProfessional({ transact, clock }: DecideDeps, { userId, by, reason }: Decide): Promise<User> {
  const now = clock.now()
  return transact(async (tx) => {
    const user = await lockForStaff(tx, { action: 'grantProfessional', by, userId })
    const requestId = await decideOpenRequest(tx, { userId, decision: 'granted', actorId: by.id, now })
    const data = { userId, actorId: by.id, ...(requestId === undefined ? {} : { requestId }) }
    const changes = { professional_since: now }
    return changeUser(tx, { action: 'grantProfessional', by, user, changes, data, reason, now })
  })
}

/** @throws {DomainError} as `lockForStaff` */
export function withdrawProfessional({ transact, clock }: DecideDeps, { userId, by }: Decide): Promise<User> {
  const now = clock.now()
  return transact(async (tx) => {
    const user = await lockForStaff(tx, { action: 'withdrawProfessional', by, userId })
    const data = { userId, actorId: by.id }
    return changeUser(tx, { action: 'withdrawProfessional', by, user, data, now })
  })
}

/**
 * Decides a request. Of two who decide at once the first does.
 *
 * @throws {DomainError} as `lockForStaff`; `NotFound` for a request that is not there, `InvalidStatus` for a decided one
 */
export async function decideRequest(
  deps: DecideDeps,
  { requestId, by, reason }: Omit<Decide, 'userId'> & { requestId: string },
  decision: 'granted' | 'declined',
): Promise<void> {
  const request = await findRequest(deps.db, requestId)
  if (!request) throw new DomainError('NotFound', 'there is no such request')
  const { user_id: userId } = request
  const now = deps.clock.now()
  const sealed = reason === undefined ? undefined : await seal(deps.notificationsKey, { reason })
  const action = decision === 'granted' ? 'grantProfessional' : 'declineProfessional'
  await deps.transact(async (tx) => {
    const user = await lockForStaff(tx, { action, by, userId })
    const decided = await decideOpenRequest(tx, { userId, decision, actorId: by.id, now })
    if (decided !== requestId) throw new DomainError('InvalidStatus', 'the request has been decided')
    const data = { userId, actorId: by.id, requestId }
    if (action === 'grantProfessional') {
      const changes = { professional_since: now }
      await changeUser(tx, { action, by, user, changes, data, reason, now })
    } else {
      await changeUser(tx, { action, by, user, data: { ...data, ...(sealed ? { sealed } : {}) }, reason, now })
    }
  })
}
