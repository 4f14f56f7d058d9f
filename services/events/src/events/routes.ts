import type { createIdempotency } from '@rollcall/http/idempotency'
import { created, implement, ok, type Route } from '@rollcall/http/operation'
import { pageOf, positionOf } from '@rollcall/http/paging'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import { findNickname } from '../authorization/queries.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { eventsApi } from './api.ts'
import { createEvent } from './create-event.ts'
import { EventNotFound, isVisible } from './event.ts'
import { toEventResource } from './event-resource.ts'
import { countEvents, findEvent, listEvents } from './queries.ts'

export interface EventRouteDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
  once: ReturnType<typeof createIdempotency<EventsDatabase>>
}

export function eventRoutes({ db, clock, once }: EventRouteDeps): Route[] {
  return implement(eventsApi, {
    async createEvent({ body, caller, scope, idempotent }) {
      const organizer_nickname = await findNickname(db, caller.id)
      const command = {
        ...body,
        description: body.description ?? '',
        onlineUrl: body.onlineUrl ?? null,
        organizerId: caller.id,
        scope,
      }
      return once({
        request: idempotent,
        work: (transact) => createEvent({ transact, clock }, command),
        answer: (event) =>
          created(
            `/events/${event.id}`,
            toEventResource({ ...event, organizer_nickname }, { caller, now: clock.now() }),
          ),
      })
    },
    async listEvents({ query, caller }) {
      const [rows, counted] = await Promise.all([
        listEvents(db, { ...query, position: positionOf(query) }),
        countEvents(db),
      ])
      const now = clock.now()
      const items = rows.map((event) => ({ event, resource: toEventResource(event, { caller, now }) }))
      const position = ({ event }: (typeof items)[number]) => ({ at: event.start_at, id: event.id })
      const page = pageOf({ rows: items, counted, position }, { path: '/events', request: query })
      return ok({ ...page, items: page.items.map(({ resource }) => resource) })
    },
    async getEvent({ params, caller }) {
      const event = await findEvent(db, params.eventId)
      if (!event || !isVisible(event, caller)) throw new EventNotFound()
      return ok(toEventResource(event, { caller, now: clock.now() }))
    },
  })
}
