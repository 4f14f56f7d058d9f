import { created, ok } from '@rollcall/http/answers'
import type { Once } from '@rollcall/http/idempotency'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findNickname } from '../people/queries.ts'
import { eventsApi } from './api.ts'
import { createEvent } from './create-event.ts'
import { EventNotFound, isVisible } from './event.ts'
import { toEventResource } from './event-resource.ts'
import { byStart, type EventWithOrganizer, findEvent, listEvents } from './queries.ts'

export interface EventRouteDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
  once: Once<EventsDatabase>
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
    async listEvents({ query, search, caller }) {
      const now = clock.now()
      const toItem = (event: EventWithOrganizer) => toEventResource(event, { caller, now })
      const found = await listEvents(db, query)
      return ok(pageOf(found, { path: '/events', search, request: query, sort: byStart, toItem }))
    },
    async getEvent({ params, caller }) {
      const event = await findEvent(db, params.eventId)
      if (!event || !isVisible(event, caller)) throw new EventNotFound()
      return ok(toEventResource(event, { caller, now: clock.now() }))
    },
  })
}
