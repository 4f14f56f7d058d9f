import { drawQr } from '@rollcall/qr/draw-qr'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findEventRow } from '../events/queries.ts'
import { findRegistration } from '../registrations/queries.ts'
import { RegistrationNotFound } from '../registrations/registration.ts'
import type { TicketCodes } from '../registrations/ticket-code.ts'
import type { TicketResource } from './api.ts'

interface Deps {
  db: Kysely<EventsDatabase>
  ticketCodes: TicketCodes
}

/**
 * A ticket for whoever has its code, with the picture of the code while it is good.
 *
 * @throws {DomainError} `RegistrationNotFound` for whatever is no code of ours
 */
export async function showTicket(
  { db, ticketCodes }: Deps,
  code: string,
): Promise<{ ticket: TicketResource; picture: Buffer | undefined }> {
  const read = ticketCodes.read(code)
  const registration = read && (await findRegistration(db, read.registrationId))
  const event = registration && (await findEventRow(db, registration.event_id))
  if (!registration || !event) throw new RegistrationNotFound()
  const ticket: TicketResource = {
    // Before its holder has been told one by one, an event that is called off opens no door either.
    status: event.status === 'CANCELLED' ? 'CANCELLED' : registration.status,
    checkedInAt: registration.checked_in_at?.toISOString() ?? null,
    event: {
      id: event.id,
      title: event.title,
      startAt: event.start_at.toISOString(),
      endAt: event.end_at.toISOString(),
      timeZone: event.time_zone,
      location: event.location,
      status: event.status,
    },
  }
  return { ticket, picture: ticket.status === 'CONFIRMED' ? drawQr(code) : undefined }
}
