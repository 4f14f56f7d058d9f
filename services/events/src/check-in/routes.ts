import { ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { findNickname } from '../people/queries.ts'
import type { Registration } from '../registrations/tables.ts'
import { checkInApi, type VerdictResource } from './api.ts'
import { verdictMessages } from './verdict.ts'
import { type VerifyTicketDeps, verifyTicket } from './verify-ticket.ts'

export function checkInRoutes(deps: VerifyTicketDeps): Route[] {
  return implement(checkInApi, {
    async verifyTicket({ body, caller }) {
      const { code, checkIn, registration } = await verifyTicket(deps, { ...body, scanner: caller })
      const verdict: VerdictResource = {
        success: code === 'checked_in',
        code,
        message: verdictMessages[code],
        ...(checkIn ? { checkIn: { id: checkIn.id, at: checkIn.at.toISOString() } } : {}),
        ...(registration ? { registration: await describe(deps, registration) } : {}),
      }
      return ok(verdict)
    },
  })
}

async function describe(
  { db }: VerifyTicketDeps,
  registration: Registration,
): Promise<VerdictResource['registration']> {
  return {
    id: registration.id,
    eventId: registration.event_id,
    eventTitle: registration.event_title,
    attendee: { userId: registration.attendee_id, nickname: await findNickname(db, registration.attendee_id) },
    status: registration.status,
    checkedInAt: registration.checked_in_at?.toISOString() ?? null,
  }
}
