import { newId } from '@rollcall/runtime/ids'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../../services/events/src/database/tables.ts'
import type { Registration } from '../../services/events/src/registrations/tables.ts'

/** Somebody's seat at an event as it was published. */
export function aSeat(eventId: string): { registration: Registration; eventVersion: number } {
  const now = new Date()
  const registration: Registration = {
    id: newId(),
    version: 1,
    event_id: eventId,
    attendee_id: newId(),
    status: 'CONFIRMED',
    source: 'online',
    event_title: 'Sought after',
    schedule_version: 1,
    ticket_key: 1,
    cancel_reason: null,
    event_start_at: now,
    ticket_issued_at: null,
    waitlist_number: null,
    cancelled_at: null,
    checked_in_at: null,
    created_at: now,
  }
  return { registration, eventVersion: 1 }
}

export interface WaitingTickets {
  count: number
  /** Seconds since the oldest was asked for; 0 when there is none. */
  oldestSeconds: number
}

export async function waitingTickets(db: Kysely<EventsDatabase>): Promise<WaitingTickets> {
  const { rows } = await sql<WaitingTickets>`
    select count(*)::int as count, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds"
    from registrations where ticket_issued_at is null and status = 'CONFIRMED'`.execute(db)
  return rows[0] ?? { count: 0, oldestSeconds: 0 }
}

/** Waits until nobody waits for a ticket. */
export async function untilTicketsAreIssued(db: Kysely<EventsDatabase>): Promise<void> {
  while ((await waitingTickets(db)).count > 0) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** By how many seats the events' counters and their limits are exceeded, and by how many they are wrong. */
export async function seatErrors(db: Kysely<EventsDatabase>): Promise<number> {
  const { rows } = await sql<{ errors: number }>`
    select coalesce(sum(greatest(taken - capacity, 0) + abs(taken - seats_taken)), 0)::int as errors
    from (
      select capacity, seats_taken,
        (select count(*) from registrations r where r.event_id = e.id and r.status <> 'CANCELLED') as taken
      from events e
    ) as counted`.execute(db)
  return rows[0]?.errors ?? Number.NaN
}
