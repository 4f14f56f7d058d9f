import { findPage, type PageRequest } from '@rollcall/http/paging'
import type { Sort } from '@rollcall/http/sorting'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { type Event, eventColumns } from './tables.ts'

/** An event with the public name of who made it, which may not have reached this service yet. */
export type EventWithOrganizer = Event & { organizer_nickname: string | null }

const qualified = eventColumns.map((column) => `events.${column}` as const)

/** The event alone, for those who decide by it. */
export function findEventRow(db: Kysely<EventsDatabase>, id: string): Promise<Event | undefined> {
  return db.selectFrom('events').select(eventColumns).where('id', '=', id).executeTakeFirst()
}

export function findEvent(db: Kysely<EventsDatabase>, id: string): Promise<EventWithOrganizer | undefined> {
  return db
    .selectFrom('events')
    .leftJoin('known_users', 'known_users.id', 'events.organizer_id')
    .select([...qualified, 'known_users.nickname as organizer_nickname'])
    .where('events.id', '=', id)
    .executeTakeFirst()
}

/** By their start, which is what people look for. */
export const byStart: Sort<EventWithOrganizer> = {
  name: 'startAt',
  column: sql.ref('events.start_at'),
  id: sql.ref('events.id'),
  kind: 'time',
  value: (event) => event.start_at,
  idOf: (event) => event.id,
}

/** Published public events, and how many there are. */
export function listEvents(db: Kysely<EventsDatabase>, request: PageRequest) {
  const filtered = db
    .selectFrom('events')
    .leftJoin('known_users', 'known_users.id', 'events.organizer_id')
    .where('events.status', '=', 'PUBLISHED')
    .where('events.visibility', '=', 'public')
  return findPage(
    {
      db,
      filtered,
      select: (query) => query.select([...qualified, 'known_users.nickname as organizer_nickname']),
      sort: byStart,
    },
    request,
  )
}

export async function categoryExists(db: Kysely<EventsDatabase>, name: string): Promise<boolean> {
  const row = await db.selectFrom('categories').select('name').where('name', '=', name).executeTakeFirst()
  return row !== undefined
}
