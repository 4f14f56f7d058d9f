import { findPage, type PageRequest } from '@rollcall/http/paging'
import type { Sort } from '@rollcall/http/sorting'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { type Registration, registrationColumns } from './tables.ts'

/** A registration with its place in the event's line, from 1; null for who does not wait. */
export type PlacedRegistration = Registration & { waitlist_position: number | null }

const position = sql<number | null>`case when registrations.status = 'WAITLISTED' then (
  select count(*) from registrations as ahead
  where ahead.event_id = registrations.event_id and ahead.status = 'WAITLISTED'
    and ahead.waitlist_number <= registrations.waitlist_number
) end`.as('waitlist_position')

export function findPlacedRegistration(
  db: Kysely<EventsDatabase>,
  id: string,
): Promise<PlacedRegistration | undefined> {
  return db
    .selectFrom('registrations')
    .select([...registrationColumns, position])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The latest first. */
export const byCreation: Sort<PlacedRegistration> = {
  name: '-createdAt',
  column: sql.ref('registrations.created_at'),
  id: sql.ref('registrations.id'),
  kind: 'time',
  descending: true,
  value: (registration) => registration.created_at,
  idOf: (registration) => registration.id,
}

/** Somebody's registrations, also those that they have given up. */
export function listRegistrationsOf(db: Kysely<EventsDatabase>, attendeeId: string, request: PageRequest) {
  const filtered = db.selectFrom('registrations').where('attendee_id', '=', attendeeId)
  const select = (query: typeof filtered) => query.select([...registrationColumns, position])
  return findPage({ db, filtered, select, sort: byCreation }, request)
}

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

/** Somebody's place at an event, locked until the transaction ends. */
export function lockActiveRegistration(
  tx: Transaction<EventsDatabase>,
  person: { eventId: string; attendeeId: string },
): Promise<Registration | undefined> {
  return tx
    .selectFrom('registrations')
    .select(registrationColumns)
    .where('event_id', '=', person.eventId)
    .where('attendee_id', '=', person.attendeeId)
    .where('status', '<>', 'CANCELLED')
    .forUpdate()
    .executeTakeFirst()
}

/** As it is now, locked until the transaction ends. */
export function lockRegistration(tx: Transaction<EventsDatabase>, id: string): Promise<Registration | undefined> {
  return tx.selectFrom('registrations').select(registrationColumns).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Registrations whose ticket is overdue, the oldest first. */
export function listWithoutTicket(db: Kysely<EventsDatabase>, createdBefore: Date): Promise<{ id: string }[]> {
  return (
    db
      .selectFrom('registrations')
      .select('id')
      .where('ticket_issued_at', 'is', null)
      .where('status', '=', 'CONFIRMED')
      // Whoever came through the door needs none.
      .where('source', '<>', 'walk_in')
      .where('checked_in_at', 'is', null)
      .where('created_at', '<', createdBefore)
      .orderBy('created_at')
      .limit(500)
      .execute()
  )
}
