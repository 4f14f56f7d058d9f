import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'

interface Wanted {
  eventId: string
  /** What the wish was decided on: another version may begin at another time. */
  eventVersion: number
  /** When the last of them is registered. */
  at: Date
}

/** That registrations are taken for the event's version. */
const open = ({ eventId, eventVersion, at }: Wanted) => sql`
  id = ${eventId} and version = ${eventVersion}
    and status = 'PUBLISHED' and coalesce(registration_closes_at, start_at) > ${at}`

/**
 * A statement that takes seats of an event and gives its `id`, or nothing where not enough are left, somebody waits for one, or
 * the event is another by now. Its row is locked from here until the statement around it commits.
 */
export function takingSeats({ seats, ...wanted }: Wanted & { seats: number }): RawBuilder<{ id: string }> {
  return sql`
    update events set seats_taken = seats_taken + ${seats}::int
    where ${open(wanted)} and seats_taken + ${seats}::int <= capacity and waitlist_count = 0
    returning id`
}

/** As the row is when it is updated. */
const seatIsFree = sql`(seats_taken < capacity and waitlist_count = 0)`

/**
 * A statement that takes a seat where one is free and nobody waits, otherwise the last place in the line; it does nothing where
 * the event is another by now. Gives `id`, `is_seat`, the `number` in the line and the `position` from 1.
 */
export function takingPlace(wanted: Wanted): RawBuilder<unknown> {
  return sql`
    update events set seats_taken = seats_taken + ${seatIsFree}::int,
      waitlist_count = waitlist_count + (not ${seatIsFree})::int, waitlist_tail = waitlist_tail + (not ${seatIsFree})::int
    where ${open(wanted)}
    returning id, waitlist_count = 0 as is_seat, waitlist_tail as number, waitlist_count as position`
}

/** Differences to what an event's counters say; the event's row has to be locked. */
interface Shift {
  seats?: number
  waiting?: number
  /** Of those who have a seat: how many more are here. */
  checkedIn?: number
}

/** @throws a violation of `events_seats_within_capacity` or of the others that hold the counters within their bounds */
export async function shiftCounters(
  tx: Transaction<EventsDatabase>,
  eventId: string,
  { seats = 0, waiting = 0, checkedIn = 0 }: Shift,
): Promise<void> {
  await tx
    .updateTable('events')
    .set({
      seats_taken: sql`seats_taken + ${seats}::int`,
      waitlist_count: sql`waitlist_count + ${waiting}::int`,
      checked_in_count: sql`checked_in_count + ${checkedIn}::int`,
    })
    .where('id', '=', eventId)
    .execute()
}
