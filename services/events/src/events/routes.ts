import type { Caller } from '@rollcall/access/caller'
import { created, notModified, ok, okWith } from '@rollcall/http/answers'
import { matchesNone } from '@rollcall/http/conditional'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import { type PageRequest, pageOf } from '@rollcall/http/paging'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findNickname } from '../people/queries.ts'
import { eventsApi } from './api.ts'
import { createEvent } from './create-event.ts'
import { EventNotFound, isVisible } from './event.ts'
import { listEtag, representationEtag, toEventResource, type Viewer } from './event-resource.ts'
import { type EventFilters, type Listed, listEvents } from './list-events.ts'
import { type EventWithOrganizer, findEvent, withOrganizer } from './queries.ts'
import { updateEvent } from './update-event.ts'

export interface EventRouteDeps {
  db: Kysely<EventsDatabase>
  transact: Transact<EventsDatabase>
  clock: Clock
  once: Once<EventsDatabase>
}

export function eventRoutes({ db, transact, clock, once }: EventRouteDeps): Route[] {
  const list = listing(db)
  return implement(eventsApi, {
    async createEvent({ body, caller, scope, idempotent }) {
      const organizer_nickname = await findNickname(db, caller.id)
      const { description = '', onlineUrl = null } = body
      const command = { ...body, description, onlineUrl, organizerId: caller.id, scope }
      return once({
        request: idempotent,
        work: (own) => createEvent({ transact: own, clock }, command),
        answer: (event) =>
          created(
            `/events/${event.id}`,
            toEventResource({ ...event, organizer_nickname }, { caller, now: clock.now() }),
          ),
      })
    },
    async listEvents({ query, search, caller, headers }) {
      const shown = { path: '/events', search, viewer: { caller, now: clock.now() } }
      const page = await list({ kind: 'public' }, query, shown)
      const caching = { etag: listEtag(page), 'cache-control': cacheControl(caller) }
      return matchesNone(headers['if-none-match'], caching.etag) ? notModified(caching) : okWith(caching, page)
    },
    async listManagedEvents({ query: { status, ...query }, search, caller, scope }) {
      const shown = { path: '/events/managed', search, viewer: { caller, now: clock.now() } }
      const organizerId = scope === 'own' ? caller.id : undefined
      return ok(await list({ kind: 'managed', organizerId, ...(status ? { status } : {}) }, query, shown))
    },
    async listPendingEvents({ query, search, caller }) {
      const shown = { path: '/events/pending', search, viewer: { caller, now: clock.now() } }
      return ok(await list({ kind: 'managed', status: 'PENDING' }, query, shown))
    },
    async getEvent({ params, caller, headers }) {
      const event = await findEvent(db, params.eventId)
      if (!event || !isVisible(event, caller)) throw new EventNotFound()
      const resource = toEventResource(event, { caller, now: clock.now() })
      const caching = { etag: representationEtag(event, resource), 'cache-control': cacheControl(caller) }
      return matchesNone(headers['if-none-match'], caching.etag) ? notModified(caching) : okWith(caching, resource)
    },
    async updateEvent({ params, body: edit, caller, headers }) {
      const command = { ...params, caller, ifMatch: headers['if-match'], edit }
      const event = await updateEvent({ transact, clock }, command)
      const resource = toEventResource(await withOrganizer(db, event), { caller, now: clock.now() })
      return okWith({ etag: representationEtag(event, resource) }, resource)
    },
  })
}

/** What is shown to somebody signed in is theirs; both are asked for again each time. */
const cacheControl = (caller: Caller | undefined) => (caller ? 'private, no-cache' : 'no-cache')

interface Shown {
  path: string
  search: string
  viewer: Viewer
}

/** A page of a list, for whoever looks at it. */
function listing(db: Kysely<EventsDatabase>) {
  return async (listed: Listed, query: EventFilters & PageRequest & { sort: string }, { viewer, ...shown }: Shown) => {
    const { limit, offset, cursor, ...filters } = query
    const request = { limit, offset, cursor }
    const { sort, found } = listEvents(db, { ...filters, listed }, request)
    const toItem = (event: EventWithOrganizer) => toEventResource(event, viewer)
    return pageOf(await found, { ...shown, request, sort, toItem })
  }
}
