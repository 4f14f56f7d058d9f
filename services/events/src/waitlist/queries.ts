import { findPage, type PageRequest } from '@rollcall/http/paging'
import type { Sort } from '@rollcall/http/sorting'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { type Registration, registrationColumns } from '../registrations/tables.ts'

/** The first of those who wait, locked until the transaction ends. */
export function lockFirstInLine(
  tx: Transaction<EventsDatabase>,
  eventId: string,
  count: number,
): Promise<Registration[]> {
  return tx
    .selectFrom('registrations')
    .select(registrationColumns)
    .where('event_id', '=', eventId)
    .where('status', '=', sql.lit('WAITLISTED' as const))
    .orderBy('waitlist_number')
    .limit(count)
    .forUpdate()
    .execute()
}

/** Events with free seats for which somebody waits. */
export async function listPromotable(db: Kysely<EventsDatabase>, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('events')
    .select('id')
    .where('status', '=', sql.lit('PUBLISHED' as const))
    .where('waitlist_count', '>', sql.lit(0))
    .whereRef('seats_taken', '<', 'capacity')
    .where('start_at', '>', now)
    .limit(100)
    .execute()
  return rows.map(({ id }) => id)
}

export type Waiting = Registration & { nickname: string | null }

export const byNumber: Sort<Waiting> = {
  name: 'number',
  column: sql.ref('registrations.waitlist_number'),
  id: sql.ref('registrations.id'),
  kind: 'number',
  value: (waiting) => waiting.waitlist_number ?? 0,
  idOf: (waiting) => waiting.id,
}

/** Who waits for a seat at an event, the first in line first. */
export function listWaiting(db: Kysely<EventsDatabase>, eventId: string, request: PageRequest) {
  const filtered = db
    .selectFrom('registrations')
    .leftJoin('known_users', 'known_users.id', 'registrations.attendee_id')
    .where('registrations.event_id', '=', eventId)
    .where('registrations.status', '=', sql.lit('WAITLISTED' as const))
  const columns = registrationColumns.map((column) => `registrations.${column}` as const)
  return findPage(
    { db, filtered, select: (query) => query.select([...columns, 'known_users.nickname']), sort: byNumber },
    request,
  )
}

/** Places that somebody holds at events which are not over, and have not used. */
export function listToComeOf(db: Kysely<EventsDatabase>, attendeeId: string, now: Date) {
  return db
    .selectFrom('registrations')
    .innerJoin('events', 'events.id', 'registrations.event_id')
    .select(['registrations.id', 'registrations.event_id'])
    .where('registrations.attendee_id', '=', attendeeId)
    .where('registrations.status', '<>', 'CANCELLED')
    .where('registrations.checked_in_at', 'is', null)
    .where('events.end_at', '>', now)
    .execute()
}
