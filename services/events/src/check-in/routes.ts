import { noContent, ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findEventRow } from '../events/queries.ts'
import { requireManager } from '../events/require-managed.ts'
import { findAttendee } from '../people/queries.ts'
import { checkInApi, type VerdictResource } from './api.ts'
import { byTime, type ListedScan, listScans } from './queries.ts'
import type { Verdict } from './scans.ts'
import { undoCheckIn } from './undo-check-in.ts'
import { type VerdictCode, verdictMessages } from './verdict.ts'
import { type VerifyTicketDeps, verifyTicket } from './verify-ticket.ts'
import { walkIn } from './walk-in.ts'

export function checkInRoutes(deps: VerifyTicketDeps): Route[] {
  const { db } = deps
  return implement(checkInApi, {
    async verifyTicket({ body, caller }) {
      return ok(await toResource(db, await verifyTicket(deps, { ...body, scanner: caller })))
    },
    async walkIn({ body, caller }) {
      return ok(await toResource(db, await walkIn(deps, { ...body, scanner: caller })))
    },
    async undoCheckIn({ params, caller }) {
      await undoCheckIn(deps, { ...params, caller })
      return noContent
    },
    async listScans({ params: { eventId }, query, search, caller }) {
      requireManager(await findEventRow(db, eventId), caller)
      const found = await listScans(db, eventId, query)
      const path = `/events/${eventId}/check-ins`
      return ok(pageOf(found, { path, search, request: query, sort: byTime, toItem }))
    },
  })
}

async function toResource(
  db: Kysely<EventsDatabase>,
  { code, checkIn, registration }: Verdict,
): Promise<VerdictResource> {
  return {
    success: code === 'checked_in',
    code,
    message: verdictMessages[code],
    ...(checkIn ? { checkIn: { ...checkIn, at: checkIn.at.toISOString() } } : {}),
    ...(registration
      ? {
          registration: {
            id: registration.id,
            eventId: registration.event_id,
            eventTitle: registration.event_title,
            attendee: await findAttendee(db, registration.attendee_id),
            status: registration.status,
            checkedInAt: registration.checked_in_at?.toISOString() ?? null,
          },
        }
      : {}),
  }
}

const toItem = (scan: ListedScan) => ({
  id: scan.id,
  at: scan.at.toISOString(),
  gate: scan.gate,
  code: scan.verdict as VerdictCode,
  scannedBy: scan.scanned_by,
  registrationId: scan.registration_id,
  checkInId: scan.check_in_id,
  overrideReason: scan.override_reason,
})
