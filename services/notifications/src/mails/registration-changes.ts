import { RegistrationCancelled, RegistrationWaitlisted } from '@rollcall/contracts/registrations'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import type { Need } from '../ledger/delivery.ts'
import { formatMoment } from '../rendering/format-moment.ts'
import type { ContentRequest } from '../sending/mail-content.ts'
import { defineMail } from './define-mail.ts'

const told = {
  group: 'registrations',
  policy: 'hold',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({ registrationId: z.uuid(), eventId: z.uuid() }),
  variables: {
    recipientName: 'Ada',
    eventTitle: 'Meet the compilers',
    eventStart: 'Monday, 1 June 2026 at 18:00 (CEST)',
    eventLocation: 'Room 12',
  },
} as const

interface AboutRegistration {
  sequence: number
  data: { registrationId: string; eventId: string; attendeeId: string }
}

/** A plan for whose registration it is, once it is known as its fact tells of it. */
function toAttendee({ sequence, data: { registrationId, eventId, attendeeId } }: AboutRegistration) {
  const needs: Need[] = [
    { projection: 'recipients', id: attendeeId, sequence: 0 },
    { projection: 'events', id: eventId, sequence: 0 },
    { projection: 'registrations', id: registrationId, sequence },
  ]
  return { recipientId: attendeeId, data: { registrationId, eventId }, needs }
}

/** What these mails show of an event, or that there is nothing to tell of one that is gone. */
function aboutEvent({ event, addressee }: Pick<ContentRequest<unknown>, 'event' | 'addressee'>) {
  if (!event || event.title === null || event.start_at === null || event.time_zone === null) {
    return { ended: 'cancel', reason: 'event-gone' } as const
  }
  const values = {
    recipientName: addressee.name,
    eventTitle: event.title,
    eventStart: formatMoment(new Date(event.start_at), { locale: addressee.locale, timeZone: event.time_zone }),
    eventLocation: event.location ?? '',
  }
  return { values }
}

/** Nothing is told to who has a seat by now, or has gone: another mail says so. */
export const registrationWaitlisted = defineMail({
  ...told,
  name: 'registration-waitlisted',
  on: [RegistrationWaitlisted],
  plan: toAttendee,
  async content(_, request) {
    const stillWaits = request.registration?.status === 'WAITLISTED'
    return stillWaits ? aboutEvent(request) : { ended: 'cancel', reason: 'registration-cancelled' }
  },
})

export const registrationCancelled = defineMail({
  ...told,
  name: 'registration-cancelled',
  on: [RegistrationCancelled],
  plan: toAttendee,
  content: async (_, request) => aboutEvent(request),
})
