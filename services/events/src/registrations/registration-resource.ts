import { cancelReasons, registrationSources, registrationStatuses } from '@rollcall/contracts/registrations'
import { z } from 'zod'
import type { PlacedRegistration } from './queries.ts'
import { mayAct, signedTicket } from './registration.ts'
import type { TicketCodes } from './ticket-code.ts'

export const RegistrationSchema = z
  .object({
    id: z.uuid(),
    eventId: z.uuid(),
    eventTitle: z.string(),
    eventStartAt: z.iso.datetime(),
    attendee: z.object({ userId: z.uuid() }),
    status: z.enum(registrationStatuses),
    waitlistPosition: z.int().nullable().describe('From 1; null for who does not wait'),
    ticketCode: z.string().nullable().describe('What the QR code holds, once there is a seat'),
    source: z.enum(registrationSources),
    checkedInAt: z.iso.datetime().nullable(),
    cancelledAt: z.iso.datetime().nullable(),
    cancelReason: z.enum(cancelReasons).nullable(),
    createdAt: z.iso.datetime(),
    _links: z.record(z.string(), z.object({ href: z.string() })).describe('What this caller may do now'),
  })
  .meta({ id: 'Registration' })

/** A registration as its owner sees it. The image of the ticket is linked once it exists. */
export function toRegistrationResource(
  registration: PlacedRegistration,
  ticketCodes: TicketCodes,
): z.infer<typeof RegistrationSchema> {
  const self = `/registrations/${registration.id}`
  return {
    id: registration.id,
    eventId: registration.event_id,
    eventTitle: registration.event_title,
    eventStartAt: registration.event_start_at.toISOString(),
    attendee: { userId: registration.attendee_id },
    status: registration.status,
    waitlistPosition: registration.waitlist_position,
    ticketCode: registration.status === 'CONFIRMED' ? ticketCodes.issue(signedTicket(registration)) : null,
    source: registration.source,
    checkedInAt: registration.checked_in_at?.toISOString() ?? null,
    cancelledAt: registration.cancelled_at?.toISOString() ?? null,
    cancelReason: registration.cancel_reason,
    createdAt: registration.created_at.toISOString(),
    _links: {
      self: { href: self },
      event: { href: `/events/${registration.event_id}` },
      ...(registration.ticket_issued_at && registration.status === 'CONFIRMED'
        ? { ticket: { href: `${self}/ticket.png` } }
        : {}),
      ...(mayAct('cancel', registration, 'attendee') && !registration.checked_in_at ? { cancel: { href: self } } : {}),
    },
  }
}
