import { anywhere } from '@rollcall/database/text-search'
import { findPage, type PageRequest } from '@rollcall/http/paging'
import { type Sort, sortsOf } from '@rollcall/http/sorting'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { columnsWithOrganizer, type EventWithOrganizer } from './queries.ts'
import type { EventStatus } from './tables.ts'

export interface EventFilters {
  /** Part of title or description, whatever the case. */
  q?: string | undefined
  category?: string | undefined
  /** Those that have one of these. */
  tag?: string[] | undefined
  /** Those that begin then or later, and before `to`. */
  from?: Date | undefined
  to?: Date | undefined
  /** Part of the location, whatever the case. */
  place?: string | undefined
}

/** Which events a list is of: what everybody may find, what they could before it was cancelled, or what somebody manages. */
export type Listed =
  | { kind: 'public' | 'called-off' }
  | { kind: 'managed'; organizerId?: string | undefined; status?: EventStatus }

const id = sql.ref('events.id')
const idOf = (event: EventWithOrganizer) => event.id

const ascending: Sort<EventWithOrganizer>[] = [
  { ...{ name: 'startAt', kind: 'time', id, idOf }, column: sql.ref('events.start_at'), value: (it) => it.start_at },
  {
    ...{ name: 'createdAt', kind: 'time', id, idOf },
    column: sql.ref('events.created_at'),
    value: (it) => it.created_at,
  },
]

export const eventSorts = sortsOf(ascending)

export function listEvents(
  db: Kysely<EventsDatabase>,
  { listed, sort: name, ...filters }: EventFilters & { listed: Listed; sort: string },
  request: PageRequest,
) {
  const sort = eventSorts.named(name)
  const select = (query: ReturnType<typeof filtered>) => query.select(columnsWithOrganizer)
  return { sort, found: findPage({ db, filtered: filtered(db, listed, filters), select, sort }, request) }
}

function filtered(db: Kysely<EventsDatabase>, listed: Listed, filters: EventFilters) {
  const { q, category, tag, from, to, place } = filters
  return inList(db, listed)
    .$if(q !== undefined, (query) => query.where(sql<string>`events.search`, 'like', anywhere(q ?? '')))
    .$if(place !== undefined, (query) =>
      query.where(sql<string>`lower(events.location)`, 'like', anywhere(place ?? '')),
    )
    .$if(category !== undefined, (query) => query.where('events.category', '=', category ?? ''))
    .$if(tag !== undefined, (query) => query.where(sql<boolean>`events.tags && ${tag}::text[]`))
    .$if(from !== undefined, (query) => query.where('events.start_at', '>=', from as Date))
    .$if(to !== undefined, (query) => query.where('events.start_at', '<', to as Date))
}

function inList(db: Kysely<EventsDatabase>, listed: Listed) {
  const events = db.selectFrom('events').leftJoin('known_users', 'known_users.id', 'events.organizer_id')
  if (listed.kind !== 'managed') {
    // Written out, as the indexes of these are for them alone.
    return events
      .where('events.status', '=', sql.lit(listed.kind === 'public' ? 'PUBLISHED' : 'CANCELLED'))
      .where('events.visibility', '=', sql.lit('public' as const))
  }
  const { organizerId, status } = listed
  return events
    .$if(organizerId !== undefined, (query) => query.where('events.organizer_id', '=', organizerId ?? ''))
    .$if(status !== undefined, (query) => query.where('events.status', '=', sql.lit(status as EventStatus)))
}
