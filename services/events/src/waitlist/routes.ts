import { noContent, ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import { findEventRow } from '../events/queries.ts'
import { requireManager } from '../events/require-managed.ts'
import { waitlistApi } from './api.ts'
import { type CancelDeps, cancelRegistration } from './cancel-registration.ts'
import { byNumber, listWaiting, type Waiting } from './queries.ts'

export type WaitlistRouteDeps = CancelDeps

export function waitlistRoutes(deps: WaitlistRouteDeps): Route[] {
  return implement(waitlistApi, {
    async cancelRegistration({ params, caller }) {
      await cancelRegistration(deps, { ...params, attendeeId: caller.id })
      return noContent
    },
    async listWaiting({ params: { eventId }, query, search, caller }) {
      requireManager(await findEventRow(deps.db, eventId), caller)
      const found = await listWaiting(deps.db, eventId, query)
      const path = `/events/${eventId}/waitlist`
      return ok(pageOf(found, { path, search, request: query, sort: byNumber, toItem }))
    },
  })
}

const toItem = ({ id, attendee_id, nickname, created_at }: Waiting) => ({
  registrationId: id,
  attendee: { userId: attendee_id, nickname },
  joinedAt: created_at.toISOString(),
})
