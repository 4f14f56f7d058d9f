import { type Kysely, sql, type Transaction } from 'kysely'
import type { EventsDatabase, Registration } from '../database/tables.ts'

export function findRegistration(db: Kysely<EventsDatabase>, id: string): Promise<Registration | undefined> {
  return db.selectFrom('registrations').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findActiveRegistration(db: Kysely<EventsDatabase>, person: { eventId: string; attendeeId: string }) {
  return db
    .selectFrom('registrations')
    .select('id')
    .where('event_id', '=', person.eventId)
    .where('attendee_id', '=', person.attendeeId)
    .where('status', '<>', 'CANCELLED')
    .executeTakeFirst()
}

/** The ticket's image is stored: notes it once, of many workers that come at once. */
export function markTicketIssued(
  tx: Transaction<EventsDatabase>,
  id: string,
  now: Date,
): Promise<Registration | undefined> {
  return tx
    .updateTable('registrations')
    .set({ ticket_issued_at: now, version: sql`version + 1` })
    .where('id', '=', id)
    .where('status', '=', 'CONFIRMED')
    .where('ticket_issued_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

/** Registrations whose ticket is overdue, the oldest first. */
export function listWithoutTicket(db: Kysely<EventsDatabase>, createdBefore: Date): Promise<{ id: string }[]> {
  return db
    .selectFrom('registrations')
    .select('id')
    .where('ticket_issued_at', 'is', null)
    .where('status', '=', 'CONFIRMED')
    .where('created_at', '<', createdBefore)
    .orderBy('created_at')
    .limit(500)
    .execute()
}
