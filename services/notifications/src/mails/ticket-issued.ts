import { TicketIssued } from '@rollcall/contracts/registrations'
import { days } from '@rollcall/runtime/clock'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import { z } from 'zod'
import { formatMoment } from '../rendering/format-moment.ts'
import { defineMail } from './define-mail.ts'

const TICKET_CID = 'ticket@rollcall'

/** The ticket with its QR code in the mail, as soon as its image is stored. */
export const ticketIssued = defineMail({
  name: 'ticket-issued',
  on: [TicketIssued],
  group: 'tickets',
  policy: 'resend',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({ registrationId: z.uuid(), eventId: z.uuid(), objectKey: z.string() }),
  variables: {
    recipientName: 'Ada',
    eventTitle: 'Meet the compilers',
    eventStart: 'Monday, 1 June 2026 at 18:00 (CEST)',
    eventLocation: 'Room 12',
    ticketCid: TICKET_CID,
  },
  plan({ sequence, data: { registrationId, eventId, attendeeId, objectKey } }) {
    return {
      recipientId: attendeeId,
      data: { registrationId, eventId, objectKey },
      // The registration has to be as new as its own fact; of the others it only matters that they are known.
      needs: [
        { projection: 'recipients', id: attendeeId, sequence: 0 },
        { projection: 'events', id: eventId, sequence: 0 },
        { projection: 'registrations', id: registrationId, sequence },
      ],
    }
  },
  async content({ storage }, { data, addressee, event, registration, deadlineMs }) {
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
    const image = await storage.read({ bucket: TICKETS_BUCKET, key: data.objectKey }, { deadlineMs })
    if (!image) return { notYet: 'ticket-picture-missing' }
    return {
      values: {
        recipientName: addressee.name,
        eventTitle: event.title,
        eventStart: formatMoment(new Date(event.start_at), { locale: addressee.locale, timeZone: event.time_zone }),
        eventLocation: event.location,
        ticketCid: TICKET_CID,
      },
      inlineImages: [{ cid: TICKET_CID, filename: 'ticket.png', content: image, contentType: 'image/png' }],
    }
  },
})
