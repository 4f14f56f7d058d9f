import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Caller } from '@rollcall/access/caller'
import { type CalendarEvent, toCalendar } from '@rollcall/calendar/calendar'
import { notModified, streamed } from '@rollcall/http/answers'
import { matchesNone } from '@rollcall/http/conditional'
import { implement, type Route } from '@rollcall/http/operation'
import { addMilliseconds, type Clock, days } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { EventNotFound, isVisible } from '../events/event.ts'
import { listEvents } from '../events/list-events.ts'
import { findEventRow } from '../events/queries.ts'
import { findRegistration } from '../registrations/queries.ts'
import { RegistrationNotFound } from '../registrations/registration.ts'
import { calendarApi } from './api.ts'
import { eventEntry, registrationEntry } from './calendar-event.ts'

export interface CalendarRouteDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
  publicUrl: string
}

const MOST_IN_A_FEED = 1000
const KEPT_IN_A_FEED_MS = days(31)

export function calendarRoutes({ db, clock, publicUrl }: CalendarRouteDeps): Route[] {
  return implement(calendarApi, {
    async getEventsCalendar({ query, caller, headers }) {
      const from = query.from ?? addMilliseconds(clock.now(), -KEPT_IN_A_FEED_MS)
      const wanted = { ...query, from, sort: 'startAt' }
      const request = { limit: MOST_IN_A_FEED }
      const found = await Promise.all(
        (['public', 'called-off'] as const).map(
          (kind) => listEvents(db, { ...wanted, listed: { kind } }, request).found,
        ),
      )
      const events = found.flatMap(({ rows }) => rows.slice(0, MOST_IN_A_FEED))
      const entries = events.map((event) => eventEntry(event, publicUrl))
      return answer({ name: 'Events', entries, caller, ifNoneMatch: headers['if-none-match'] })
    },
    async getEventCalendar({ params, caller, headers }) {
      const event = await findEventRow(db, params.eventId)
      if (!event || !isVisible(event, caller)) throw new EventNotFound()
      const entries = [eventEntry(event, publicUrl)]
      return answer({ name: event.title, entries, caller, ifNoneMatch: headers['if-none-match'] })
    },
    async getRegistrationCalendar({ params, caller, headers }) {
      const registration = await findRegistration(db, params.registrationId)
      if (registration?.attendee_id !== caller.id) throw new RegistrationNotFound()
      const event = await findEventRow(db, registration.event_id)
      if (!event) throw new TypeError('a registration has no event')
      const entries = [registrationEntry(registration, event, publicUrl)]
      return answer({ name: event.title, entries, caller, ifNoneMatch: headers['if-none-match'] })
    },
  })
}

interface Asked {
  name: string
  entries: CalendarEvent[]
  caller: Caller | undefined
  ifNoneMatch: string | undefined
}

function answer({ name, entries, caller, ifNoneMatch }: Asked) {
  const calendar = toCalendar({ name, events: entries })
  const etag = `"${createHash('sha256').update(calendar).digest('base64url').slice(0, 22)}"`
  const caching = { etag, 'cache-control': caller ? 'private, no-cache' : 'no-cache' }
  if (matchesNone(ifNoneMatch, etag)) return notModified(caching)
  return streamed({ ...caching, 'content-type': 'text/calendar; charset=utf-8' }, Readable.from([calendar]))
}
