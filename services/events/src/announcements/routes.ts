import type { Caller } from '@rollcall/access/caller'
import { noContent, ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { toEventResource } from '../events/event-resource.ts'
import { withOrganizer } from '../events/queries.ts'
import type { Event } from '../events/tables.ts'
import { announcementsApi } from './api.ts'
import { type CancelEventDeps, cancelEvent } from './cancel-event.ts'
import { deleteEvent } from './delete-event.ts'

export interface AnnouncementRouteDeps extends CancelEventDeps {
  db: Kysely<EventsDatabase>
}

export function announcementRoutes(deps: AnnouncementRouteDeps): Route[] {
  const { db, clock } = deps
  const resourceOf = async (event: Event, caller: Caller) =>
    toEventResource(await withOrganizer(db, event), { caller, now: clock.now() })
  return implement(announcementsApi, {
    async cancelEvent({ params, body, caller }) {
      const event = await cancelEvent(deps, { ...params, caller, reason: body?.reason })
      return ok(await resourceOf(event, caller))
    },
    async deleteEvent({ params, caller }) {
      const cancelled = await deleteEvent(deps, { ...params, caller })
      return cancelled ? ok(await resourceOf(cancelled, caller)) : noContent
    },
  })
}
