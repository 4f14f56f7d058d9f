import { after, MAX_EXACT_TOTAL, type Position } from '@rollcall/http/paging'
import { type Insertable, type Kysely, sql, type Transaction } from 'kysely'
import type { Event, EventsDatabase } from '../database/tables.ts'

/** An event with the public name of who made it, which may not have reached this service yet. */
export type EventWithOrganizer = Event & { organizer_nickname: string | null }

export function insertEvent(
  tx: Transaction<EventsDatabase>,
  event: Insertable<EventsDatabase['events']>,
): Promise<Event> {
  return tx.insertInto('events').values(event).returningAll().executeTakeFirstOrThrow()
}

/** The event alone, for those who decide by it. */
export function findEventRow(db: Kysely<EventsDatabase>, id: string): Promise<Event | undefined> {
  return db.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findEvent(db: Kysely<EventsDatabase>, id: string): Promise<EventWithOrganizer | undefined> {
  return eventsWithOrganizers(db).where('events.id', '=', id).executeTakeFirst()
}

function eventsWithOrganizers(db: Kysely<EventsDatabase>) {
  return db
    .selectFrom('events')
    .leftJoin('known_users', 'known_users.id', 'events.organizer_id')
    .selectAll('events')
    .select('known_users.nickname as organizer_nickname')
}

export interface ListRequest {
  limit: number
  offset?: number | undefined
  position: Position | undefined
}

/** Published public events by their start, and one row more than asked for when there are more. */
export function listEvents(
  db: Kysely<EventsDatabase>,
  { limit, offset, position }: ListRequest,
): Promise<EventWithOrganizer[]> {
  const columns = { at: sql.ref('events.start_at'), id: sql.ref('events.id') }
  return eventsWithOrganizers(db)
    .where('events.status', '=', 'PUBLISHED')
    .where('events.visibility', '=', 'public')
    .$if(position !== undefined, (query) => query.where(after(columns, position as Position)))
    .orderBy('events.start_at')
    .orderBy('events.id')
    .limit(limit + 1)
    .offset(offset ?? 0)
    .execute()
}

/** Counts no further than one more than what is shown as exact. */
export async function countEvents(db: Kysely<EventsDatabase>): Promise<number> {
  const listed = db
    .selectFrom('events')
    .select(sql<number>`1`.as('one'))
    .where('status', '=', 'PUBLISHED')
    .where('visibility', '=', 'public')
    .limit(MAX_EXACT_TOTAL + 1)
  const { count } = await db
    .selectFrom(listed.as('listed'))
    .select((builder) => builder.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export async function categoryExists(db: Kysely<EventsDatabase>, name: string): Promise<boolean> {
  const row = await db.selectFrom('categories').select('name').where('name', '=', name).executeTakeFirst()
  return row !== undefined
}
