import type { TicketIssued } from '@rollcall/contracts/registrations'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import { type ContentDeps, ContentNotReady, type ContentRequest, type MailContent } from '../deliveries/mail-content.ts'
import type { PlannedMail } from '../deliveries/plan-deliveries.ts'
import { formatMoment } from '../templates/format-moment.ts'

const BUCKET = 'tickets'
const TICKET_CID = 'ticket@rollcall'

export function ticketMails(facts: ReceivedMessage<typeof TicketIssued>[]): PlannedMail[] {
  return facts.map((fact) => {
    const { registrationId, eventId, attendeeId, objectKey } = fact.data
    return {
      fact,
      template: 'ticket-issued',
      recipientId: attendeeId,
      data: { registrationId, eventId, objectKey },
      // The registration has to be as new as its own fact; of the others it only matters that they are known.
      needs: [
        { projection: 'recipients', id: attendeeId, sequence: 0 },
        { projection: 'events', id: eventId, sequence: 0 },
        { projection: 'registrations', id: registrationId, sequence: fact.sequence },
      ],
    }
  })
}

/** @throws {ContentNotReady} while the picture is not in the storage */
export async function ticketContent(
  { storage }: ContentDeps,
  { delivery, addressee, event, registration }: ContentRequest,
): Promise<MailContent<'ticket-issued'>> {
  if (!registration || registration.erased || registration.status === 'CANCELLED') {
    return { ended: 'cancel', reason: 'registration-cancelled' }
  }
  if (
    !event ||
    event.title === null ||
    event.start_at === null ||
    event.time_zone === null ||
    event.location === null
  ) {
    return { ended: 'cancel', reason: 'event-gone' }
  }
  if (event.status === 'CANCELLED') return { ended: 'cancel', reason: 'event-cancelled' }
  const content = await storage.read({ bucket: BUCKET, key: delivery.data.objectKey ?? '' })
  if (!content) throw new ContentNotReady('ticket-picture-missing')
  return {
    values: {
      recipientName: addressee.name,
      eventTitle: event.title,
      eventStart: formatMoment(new Date(event.start_at), { locale: addressee.locale, timeZone: event.time_zone }),
      eventLocation: event.location,
      ticketCid: TICKET_CID,
    },
    inlineImages: [{ cid: TICKET_CID, filename: 'ticket.png', content, contentType: 'image/png' }],
  }
}
