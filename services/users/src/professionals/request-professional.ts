import { DomainError } from '@rollcall/http/errors'
import { unauthenticated } from '@rollcall/http/refusals'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { insertRequest } from './queries.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
}

const by = { kind: 'owner' } as const

/**
 * Asks for the professional status; every manager is told.
 *
 * @returns the request's id
 * @throws {DomainError} `ValidationError` that names what the profile lacks; `InvalidStatus` for who has the status or asks
 *   already
 */
export function requestProfessional({ transact, clock }: Deps, userId: string): Promise<string> {
  const now = clock.now()
  const id = newId()
  return transact(async (tx) => {
    const user = await lockUser(tx, userId)
    if (!user) throw unauthenticated('the account does not exist any more')
    if (!mayAct('requestProfessional', user, by)) throw new DomainError('InvalidStatus', 'you have the status already')
    requireComplete(user)
    if (!(await insertRequest(tx, { id, userId, now }))) {
      throw new DomainError('InvalidStatus', 'your request waits for a decision already')
    }
    const data = { userId, requestId: id }
    await changeUser(tx, { action: 'requestProfessional', by, user, data, now })
    return id
  })
}

function requireComplete({ first_name, last_name, bio, location }: User): void {
  const needed = { firstName: first_name, lastName: last_name, bio, location }
  const missing = Object.entries(needed).flatMap(([name, value]) => (value?.trim() ? [] : [name]))
  if (missing.length === 0) return
  const details = Object.fromEntries(missing.map((name) => [name, 'has to be in your profile first']))
  throw new DomainError('ValidationError', `your profile lacks: ${missing.join(', ')}`, { details })
}
