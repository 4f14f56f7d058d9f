import type { Caller } from '@rollcall/access/caller'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import { addMilliseconds, type Clock, minutes } from '@rollcall/runtime/clock'
import type { EventsDatabase } from '../database/tables.ts'
import { lockEvent } from '../events/queries.ts'
import { requireManager } from '../events/require-managed.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { lockRegistration } from '../registrations/queries.ts'
import { mayAct, RegistrationNotFound } from '../registrations/registration.ts'
import { shiftCounters } from '../seats/counters.ts'
import { findCheckInAt, markUndone } from './queries.ts'

const UNDONE_WITHIN_MS = minutes(15)

interface UndoCheckIn {
  eventId: string
  checkInId: string
  caller: Caller
}

/**
 * Takes a check-in back that was a mistake: the ticket is good again. Again: nothing happens.
 *
 * @throws {DomainError} `EventNotFound`, `Forbidden`, `NotFound`; `InvalidStatus` after a quarter of an hour
 */
export function undoCheckIn(
  { transact, clock }: { transact: Transact<EventsDatabase>; clock: Clock },
  { eventId, checkInId, caller }: UndoCheckIn,
): Promise<void> {
  return transact(async (tx) => {
    const now = clock.now()
    requireManager(await lockEvent(tx, eventId), caller)
    const found = await findCheckInAt(tx, { eventId, id: checkInId })
    if (!found) throw new DomainError('NotFound', 'there is no such check-in')
    if (found.undone_at) return
    const registration = await lockRegistration(tx, found.registration_id)
    if (!registration) throw new RegistrationNotFound()
    if (addMilliseconds(found.at, UNDONE_WITHIN_MS) < now) {
      throw new DomainError('InvalidStatus', 'a check-in can be undone for 15 minutes')
    }
    if (!mayAct('undoCheckIn', registration, 'manager')) {
      throw new DomainError('InvalidStatus', 'the registration is cancelled')
    }
    const [data, changes] = [{ checkInId, undoneBy: caller.id }, { checked_in_at: null }]
    const change = { action: 'undoCheckIn', by: 'manager', registration, data, changes, now } as const
    if (!(await changeRegistration(tx, change))) throw new TypeError('a locked registration was changed')
    await shiftCounters(tx, eventId, { checkedIn: -1 })
    await markUndone(tx, { id: checkInId, by: caller.id, at: now })
  })
}
