import type { Caller } from '@rollcall/access/caller'
import { created, notModified, ok, okWith, pageAnswer } from '@rollcall/http/answers'
import { matchesNone } from '@rollcall/http/conditional'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import { type PageRequest, pageOf } from '@rollcall/http/paging'
import { negotiateLanguage } from '@rollcall/i18n/negotiate'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findNickname } from '../people/queries.ts'
import { createAnswerCache } from './answer-cache.ts'
import { eventsApi } from './api.ts'
import type { Changes } from './changes.ts'
import { createEvent } from './create-event.ts'
import { EventNotFound, isVisible } from './event.ts'
import { eventPage, pageEtag } from './event-page.ts'
import { tagged, taggedList, toEventResource, type Viewer } from './event-resource.ts'
import { type EventFilters, type Listed, listEvents } from './list-events.ts'
import { type EventWithOrganizer, findEvent, withOrganizer } from './queries.ts'
import { updateEvent } from './update-event.ts'

export interface EventRouteDeps {
  db: Kysely<EventsDatabase>
  transact: Transact<EventsDatabase>
  clock: Clock
  once: Once<EventsDatabase>
  changes: Pick<Changes, 'generation'>
}

export function eventRoutes({ db, transact, clock, once, changes }: EventRouteDeps): Route[] {
  const answers = createAnswerCache(changes, clock)
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
      const make = async () => taggedList(await list({ kind: 'public' }, query, shown))
      const { etag, body } = await (caller ? make() : answers.get(`list ${search}`, make))
      const caching = cachingOf(caller, etag)
      return matchesNone(headers['if-none-match'], etag) ? notModified(caching) : okWith(caching, body)
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
    async getEvent({ params, caller, headers, wantsHtml }) {
      const make = async () => {
        const event = await findEvent(db, params.eventId)
        if (!event || !isVisible(event, caller)) throw new EventNotFound()
        return tagged(event, toEventResource(event, { caller, now: clock.now() }))
      }
      const { etag, body } = await (caller ? make() : answers.get(`event ${params.eventId}`, make))
      if (wantsHtml) {
        const language = negotiateLanguage({ acceptLanguage: headers['accept-language'] })
        const page = pageAnswer(eventPage(body, language))
        return { ...page, headers: { etag: pageEtag(etag, language), 'cache-control': 'no-cache', vary: PAGE_VARY } }
      }
      const caching = cachingOf(caller, etag)
      return matchesNone(headers['if-none-match'], etag) ? notModified(caching) : okWith(caching, body)
    },
    async updateEvent({ params, body: edit, caller, headers }) {
      const command = { ...params, caller, ifMatch: headers['if-match'], edit }
      const event = await updateEvent({ transact, clock }, command)
      const resource = toEventResource(await withOrganizer(db, event), { caller, now: clock.now() })
      return okWith({ etag: tagged(event, resource).etag }, resource)
    },
  })
}

const PAGE_VARY = 'Accept, Accept-Language, Authorization'

/** What is shown to somebody signed in is theirs; both are asked for again each time. */
function cachingOf(caller: Caller | undefined, etag: string) {
  return { etag, 'cache-control': caller ? 'private, no-cache' : 'no-cache', vary: 'Accept, Authorization' }
}

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
