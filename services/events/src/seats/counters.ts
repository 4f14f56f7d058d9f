import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'

interface Taking {
  eventId: string
  /** What the seats were decided on: another version may begin at another time. */
  eventVersion: number
  seats: number
  /** When the last of them is taken. */
  at: Date
}

/**
 * A statement that takes seats of an event and gives its `id`, or nothing where not enough are left or the event is another
 * by now. Its row is locked from here until the statement around it commits.
 */
export function takingSeats({ eventId, eventVersion, seats, at }: Taking): RawBuilder<{ id: string }> {
  return sql`
    update events set seats_taken = seats_taken + ${seats}::int
    where id = ${eventId} and version = ${eventVersion}
      and status = 'PUBLISHED' and coalesce(registration_closes_at, start_at) > ${at} and seats_taken + ${seats}::int <= capacity
    returning id`
}

/** One more of those who have a seat is here. */
export async function raiseCheckedIn(tx: Transaction<EventsDatabase>, eventId: string): Promise<void> {
  await tx
    .updateTable('events')
    .set({ checked_in_count: sql`checked_in_count + 1` })
    .where('id', '=', eventId)
    .execute()
}
