import type { Kysely, Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { type Registration, registrationColumns } from './tables.ts'

export function findRegistration(db: Kysely<EventsDatabase>, id: string): Promise<Registration | undefined> {
  return db.selectFrom('registrations').select(registrationColumns).where('id', '=', id).executeTakeFirst()
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

/** As it is now, locked until the transaction ends. */
export function lockRegistration(tx: Transaction<EventsDatabase>, id: string): Promise<Registration | undefined> {
  return tx.selectFrom('registrations').select(registrationColumns).where('id', '=', id).forUpdate().executeTakeFirst()
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
