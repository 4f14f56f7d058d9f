import type { Kysely, Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findNickname } from '../people/queries.ts'
import { type Event, eventColumns } from './tables.ts'

/** An event with the public name of who made it, which may not have reached this service yet. */
export type EventWithOrganizer = Event & { organizer_nickname: string | null }

export const columnsWithOrganizer = [
  ...eventColumns.map((column) => `events.${column}` as const),
  'known_users.nickname as organizer_nickname',
] as const

/** The event alone, for those who decide by it. */
export function findEventRow(db: Kysely<EventsDatabase>, id: string): Promise<Event | undefined> {
  return db.selectFrom('events').select(eventColumns).where('id', '=', id).executeTakeFirst()
}

/** As it is now, locked until the transaction ends. */
export function lockEvent(tx: Transaction<EventsDatabase>, id: string): Promise<Event | undefined> {
  return tx.selectFrom('events').select(eventColumns).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** The same event with the public name of who made it. */
export async function withOrganizer(db: Kysely<EventsDatabase>, event: Event): Promise<EventWithOrganizer> {
  return { ...event, organizer_nickname: await findNickname(db, event.organizer_id) }
}

export function findEvent(db: Kysely<EventsDatabase>, id: string): Promise<EventWithOrganizer | undefined> {
  return db
    .selectFrom('events')
    .leftJoin('known_users', 'known_users.id', 'events.organizer_id')
    .select(columnsWithOrganizer)
    .where('events.id', '=', id)
    .executeTakeFirst()
}
