import { seal } from '@rollcall/contracts/seal'
import type { JWK } from 'jose'
import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Event } from '../events/tables.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import type { Registration } from '../registrations/tables.ts'
import { shiftCounters } from '../seats/counters.ts'

/** An event and some of those who hold a place, all locked. */
export interface Telling {
  event: Event
  registrations: Registration[]
  notificationsKey: JWK
  now: Date
}

/** Takes the places of an event that does not take place; each tells of its own end. */
export async function tellOfCancellation(
  tx: Transaction<EventsDatabase>,
  { event, registrations, notificationsKey, now }: Telling,
): Promise<void> {
  const reason = event.cancellation_reason
  const data = {
    actorId: event.cancelled_by ?? event.organizer_id,
    reason: 'event_cancelled' as const,
    ...(reason === null ? {} : { sealed: await seal(notificationsKey, { reason }) }),
  }
  const changes = { cancel_reason: data.reason }
  for (const registration of registrations) {
    const change = { action: 'cancel', by: 'system', registration, data, changes, now } as const
    if (!(await changeRegistration(tx, change))) throw new TypeError('a locked registration was changed')
  }
  const waiting = registrations.filter(({ status }) => status === 'WAITLISTED').length
  const here = registrations.filter(({ checked_in_at }) => checked_in_at !== null).length
  await shiftCounters(tx, event.id, { seats: waiting - registrations.length, waiting: -waiting, checkedIn: -here })
}
