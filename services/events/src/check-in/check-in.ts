import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Event } from '../events/tables.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import type { Registration } from '../registrations/tables.ts'
import { shiftCounters } from '../seats/counters.ts'
import { insertCheckIn } from './queries.ts'
import type { Scan, Verdict } from './scans.ts'

interface CheckIn {
  /** Both locked, and nothing against letting them in. */
  event: Event
  registration: Registration
  scan: Scan
}

/** Lets somebody in: the check-in has the id of its scan. */
export async function checkIn(
  tx: Transaction<EventsDatabase>,
  { event, registration, scan }: CheckIn,
): Promise<Verdict> {
  const { id, scannedBy, gate, at } = scan
  const change = { registration, data: { checkInId: id, scannedBy }, now: at }
  const marked = await changeRegistration(tx, { action: 'checkIn', by: 'manager', ...change })
  if (!marked) throw new TypeError('a locked registration was changed')
  await shiftCounters(tx, event.id, { checkedIn: 1 })
  await insertCheckIn(tx, { id, registration_id: marked.id, event_id: event.id, scanned_by: scannedBy, at })
  return { code: 'checked_in', checkIn: { id, at, gate }, registration: marked }
}
