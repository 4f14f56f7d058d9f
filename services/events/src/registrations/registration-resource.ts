import { registrationSources, registrationStatuses } from '@rollcall/contracts/registrations'
import { z } from 'zod'
import type { Registration } from './tables.ts'
import type { TicketCodes } from './ticket-code.ts'

export const RegistrationSchema = z
  .object({
    id: z.uuid(),
    eventId: z.uuid(),
    eventTitle: z.string(),
    eventStartAt: z.iso.datetime(),
    attendee: z.object({ userId: z.uuid() }),
    status: z.enum(registrationStatuses),
    ticketCode: z.string().describe('What the QR code holds; only its owner sees it'),
    source: z.enum(registrationSources),
    checkedInAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    _links: z.record(z.string(), z.object({ href: z.string() })).describe('What this caller may do now'),
  })
  .meta({ id: 'Registration' })

/** A registration as its owner sees it. The image of the ticket is linked once it exists. */
export function toRegistrationResource(
  registration: Registration,
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
    ticketCode: ticketCodes.issue({ registrationId: registration.id, eventId: registration.event_id }),
    source: registration.source,
    checkedInAt: registration.checked_in_at?.toISOString() ?? null,
    createdAt: registration.created_at.toISOString(),
    _links: {
      self: { href: self },
      event: { href: `/events/${registration.event_id}` },
      ...(registration.ticket_issued_at ? { ticket: { href: `${self}/ticket.png` } } : {}),
    },
  }
}
