import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Event } from '../events/tables.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { shiftCounters } from '../seats/counters.ts'
import { lockFirstInLine } from './queries.ts'

/** Each takes a statement: few enough that whoever wants the event's row meanwhile hardly waits. */
const MOST_AT_ONCE = 50

/**
 * Gives free seats of an event to those who wait, in the order in which they came; a part of them where many are free.
 *
 * @param event locked, and as its row is now
 * @returns ids of the registrations that have a seat now
 */
export async function promote(tx: Transaction<EventsDatabase>, event: Event, now: Date): Promise<string[]> {
  const free = Math.min(event.capacity - event.seats_taken, event.waitlist_count, MOST_AT_ONCE)
  if (free <= 0 || event.status !== 'PUBLISHED' || event.start_at <= now) return []
  const first = await lockFirstInLine(tx, event.id, free)
  for (const registration of first) {
    const change = { action: 'promote', by: 'system', registration, data: {}, now } as const
    if (!(await changeRegistration(tx, change))) throw new TypeError('a locked registration was changed')
  }
  await shiftCounters(tx, event.id, { seats: first.length, waiting: -first.length })
  return first.map(({ id }) => id)
}
