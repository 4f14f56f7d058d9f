import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { lockEvent } from '../events/queries.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { findRegistration, lockRegistration } from '../registrations/queries.ts'
import { RegistrationNotFound } from '../registrations/registration.ts'
import type { Registration } from '../registrations/tables.ts'
import { shiftCounters } from '../seats/counters.ts'
import { promote } from './promote.ts'

export interface CancelDeps {
  db: Kysely<EventsDatabase>
  transact: Transact<EventsDatabase>
  clock: Clock
  /** Of registrations that have a seat now. */
  requestTickets(registrationIds: string[]): Promise<void>
}

/**
 * Gives a place up, and the seat in the same transaction to whoever is first in line. Again: nothing happens.
 *
 * @throws {DomainError} `RegistrationNotFound`, also for somebody else's; `AlreadyCheckedIn`
 */
export async function cancelRegistration(
  deps: CancelDeps,
  { registrationId, attendeeId }: { registrationId: string; attendeeId: string },
): Promise<void> {
  const found = await findRegistration(deps.db, registrationId)
  if (found?.attendee_id !== attendeeId) throw new RegistrationNotFound()
  await giveUp(deps, { registration: found, by: 'attendee', actorId: attendeeId, reason: 'attendee' })
}

export interface GivingUp {
  /** As it was read; it may be another by now. */
  registration: Pick<Registration, 'id' | 'event_id'>
  by: 'attendee' | 'system'
  actorId: string
  reason: NonNullable<Registration['cancel_reason']>
}

/** As {@link cancelRegistration}, for whoever may. @throws {DomainError} as it does */
export async function giveUp({ transact, clock, requestTickets }: CancelDeps, giving: GivingUp): Promise<void> {
  const { by, actorId, reason } = giving
  const promoted = await transact(async (tx) => {
    const now = clock.now()
    const event = await lockEvent(tx, giving.registration.event_id)
    const registration = await lockRegistration(tx, giving.registration.id)
    if (!event || !registration) throw new RegistrationNotFound()
    if (registration.status === 'CANCELLED') return []
    if (registration.checked_in_at) throw new DomainError('AlreadyCheckedIn', 'the ticket has been used')
    const hadSeat = registration.status === 'CONFIRMED'
    const [data, changes] = [{ actorId, reason }, { cancel_reason: reason }]
    const change = { action: 'cancel', by, registration, data, changes, now } as const
    if (!(await changeRegistration(tx, change))) throw new TypeError('a locked registration was changed')
    await shiftCounters(tx, event.id, hadSeat ? { seats: -1 } : { waiting: -1 })
    return hadSeat ? promote(tx, { ...event, seats_taken: event.seats_taken - 1 }, now) : []
  })
  if (promoted.length > 0) await requestTickets(promoted)
}
