import { TicketIssued } from '@rollcall/contracts/registrations'
import { days } from '@rollcall/runtime/clock'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import { z } from 'zod'
import { aboutEvent, eventGone, eventVariables } from './about-event.ts'
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
    ...eventVariables,
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
    const about = aboutEvent({ event, addressee })
    if (!event || !about) return eventGone
    if (event.status === 'CANCELLED') return { ended: 'cancel', reason: 'event-cancelled' }
    const image = await storage.read({ bucket: TICKETS_BUCKET, key: data.objectKey }, { deadlineMs })
    if (!image) return { notYet: 'ticket-picture-missing' }
    return {
      values: {
        ...about,
        ticketCid: TICKET_CID,
      },
      inlineImages: [{ cid: TICKET_CID, filename: 'ticket.png', content: image, contentType: 'image/png' }],
    }
  },
})
