import { anywhere } from '@rollcall/database/text-search'
import { findPage, type PageRequest } from '@rollcall/http/paging'
import type { Sort } from '@rollcall/http/sorting'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { type AttendeeRow, attendeeColumns } from '../people/attendee.ts'
import type { Registration, RegistrationStatus } from '../registrations/tables.ts'

export interface AttendeeFilters {
  status?: RegistrationStatus | undefined
  checkedIn?: boolean | undefined
  /** Part of nickname, name or address, whatever the case. */
  q?: string | undefined
}

type Shown = 'id' | 'status' | 'source' | 'checked_in_at' | 'cancelled_at' | 'cancel_reason' | 'created_at'

export type AttendeeOf = Pick<Registration, Shown> & AttendeeRow

const columns = [
  ...attendeeColumns,
  'registrations.id',
  'registrations.attendee_id',
  'registrations.status',
  'registrations.source',
  'registrations.checked_in_at',
  'registrations.cancelled_at',
  'registrations.cancel_reason',
  'registrations.created_at',
] as const

/** In the order in which they came. */
export const byArrival: Sort<AttendeeOf> = {
  name: 'createdAt',
  column: sql.ref('registrations.created_at'),
  id: sql.ref('registrations.id'),
  kind: 'time',
  value: (attendee) => attendee.created_at,
  idOf: (attendee) => attendee.id,
}

const texts = [
  'people.nickname',
  'people.first_name',
  'people.last_name',
  'people.email',
  'guests.name',
  'guests.email',
]
const searched = sql<string>`lower(concat_ws(' ', ${sql.join(texts.map((name) => sql.ref(name)))}))`

/** Everybody who ever held a place at an event. */
function attendeesOf(db: Kysely<EventsDatabase>, eventId: string, { status, checkedIn, q }: AttendeeFilters) {
  return db
    .selectFrom('registrations')
    .leftJoin('people', 'people.id', 'registrations.attendee_id')
    .leftJoin('guests', 'guests.id', 'registrations.attendee_id')
    .where('registrations.event_id', '=', eventId)
    .$if(status !== undefined, (query) => query.where('registrations.status', '=', status as RegistrationStatus))
    .$if(checkedIn === true, (query) => query.where('registrations.checked_in_at', 'is not', null))
    .$if(checkedIn === false, (query) => query.where('registrations.checked_in_at', 'is', null))
    .$if(q !== undefined, (query) => query.where(searched, 'like', anywhere(q ?? '')))
}

export function listAttendees(
  db: Kysely<EventsDatabase>,
  { eventId, ...filters }: AttendeeFilters & { eventId: string },
  request: PageRequest,
) {
  const filtered = attendeesOf(db, eventId, filters)
  return findPage({ db, filtered, select: (query) => query.select(columns), sort: byArrival }, request)
}

const ROWS_AT_A_TIME = 1000

/** The same, all of them, read a part at a time: neither the whole list nor a transaction is held meanwhile. */
export async function* eachAttendee(
  db: Kysely<EventsDatabase>,
  { eventId, ...filters }: AttendeeFilters & { eventId: string },
): AsyncGenerator<AttendeeOf> {
  let after: { created_at: Date; id: string } | undefined
  for (;;) {
    const rows: AttendeeOf[] = await attendeesOf(db, eventId, filters)
      .select(columns)
      .$if(after !== undefined, (query) =>
        query.where(
          sql<boolean>`(registrations.created_at, registrations.id) > (${after?.created_at}::timestamptz, ${after?.id}::uuid)`,
        ),
      )
      .orderBy('registrations.created_at')
      .orderBy('registrations.id')
      .limit(ROWS_AT_A_TIME)
      .execute()
    yield* rows
    after = rows.at(-1)
    if (rows.length < ROWS_AT_A_TIME) return
  }
}
