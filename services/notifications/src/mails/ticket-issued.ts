import { sealed } from '@rollcall/contracts/fields'
import { TicketIssued, TicketLink } from '@rollcall/contracts/registrations'
import { days } from '@rollcall/runtime/clock'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import { z } from 'zod'
import { aboutEvent, eventGone, eventVariables } from './about-event.ts'
import { defineMail } from './define-mail.ts'
import { openSealed } from './open-sealed.ts'

const TICKET_CID = 'ticket@rollcall'

/** The ticket with its QR code in the mail, as soon as its image is stored. */
export const ticketIssued = defineMail({
  name: 'ticket-issued',
  on: [TicketIssued],
  group: 'tickets',
  policy: 'resend',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({ registrationId: z.uuid(), eventId: z.uuid(), objectKey: z.string(), sealed: sealed.optional() }),
  variables: {
    ...eventVariables,
    ticketCid: TICKET_CID,
    ticketUrl: 'https://rollcall.example/tickets/RC1.sample',
  },
  plan({ sequence, data: { registrationId, eventId, attendeeId, objectKey, sealed } }) {
    return {
      recipientId: attendeeId,
      data: { registrationId, eventId, objectKey, sealed },
      // The registration has to be as new as its own fact; of the others it only matters that they are known.
      needs: [
        { projection: 'recipients', id: attendeeId, sequence: 0 },
        { projection: 'events', id: eventId, sequence: 0 },
        { projection: 'registrations', id: registrationId, sequence },
      ],
    }
  },
  async content(deps, request) {
    const { storage, privateKeys } = deps
    const { data, event, registration, deadlineMs } = request
    if (!registration || registration.erased || registration.status === 'CANCELLED') {
      return { ended: 'cancel', reason: 'registration-cancelled' }
    }
    const about = aboutEvent(deps, request)
    if (!event || !about) return eventGone
    if (event.status === 'CANCELLED') return { ended: 'cancel', reason: 'event-cancelled' }
    // A fact of before tickets had a page of their own has none.
    const eventPage = { url: about.eventUrl }
    const link = data.sealed ? await openSealed(privateKeys, data.sealed, TicketLink) : eventPage
    if (!link) return { ended: 'giveUp', reason: 'not-unsealable' }
    const image = await storage.read({ bucket: TICKETS_BUCKET, key: data.objectKey }, { deadlineMs })
    if (!image) return { notYet: 'ticket-picture-missing' }
    return {
      values: {
        ...about,
        ticketCid: TICKET_CID,
        ticketUrl: link.url,
      },
      inlineImages: [{ cid: TICKET_CID, filename: 'ticket.png', content: image, contentType: 'image/png' }],
    }
  },
})
