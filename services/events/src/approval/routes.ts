import type { Caller } from '@rollcall/access/caller'
import { ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { toEventResource } from '../events/event-resource.ts'
import { withOrganizer } from '../events/queries.ts'
import type { Event } from '../events/tables.ts'
import { approvalApi } from './api.ts'
import { approveEvent, type RejectDeps, rejectEvent, submitEvent } from './decide-event.ts'

export interface ApprovalRouteDeps extends RejectDeps {
  db: Kysely<EventsDatabase>
}

export function approvalRoutes(deps: ApprovalRouteDeps): Route[] {
  const { db, clock } = deps
  async function answer(caller: Caller, deciding: Promise<Event>) {
    const event = await withOrganizer(db, await deciding)
    return ok(toEventResource(event, { caller, now: clock.now() }))
  }
  return implement(approvalApi, {
    approveEvent: ({ params, caller }) => answer(caller, approveEvent(deps, { ...params, caller })),
    rejectEvent: ({ params, body, caller }) => answer(caller, rejectEvent(deps, { ...params, ...body, caller })),
    submitEvent: ({ params, caller }) => answer(caller, submitEvent(deps, { ...params, caller })),
  })
}
