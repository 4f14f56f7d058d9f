import { RegistrationCancelled, RegistrationWaitlisted } from '@rollcall/contracts/registrations'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import type { Need } from '../ledger/delivery.ts'
import type { ContentRequest } from '../sending/mail-content.ts'
import { aboutEvent, eventGone, eventVariables } from './about-event.ts'
import { defineMail } from './define-mail.ts'

const told = {
  group: 'registrations',
  policy: 'hold',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({ registrationId: z.uuid(), eventId: z.uuid() }),
  variables: eventVariables,
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

function content(request: Pick<ContentRequest<unknown>, 'event' | 'addressee'>) {
  const values = aboutEvent(request)
  return values ? { values } : eventGone
}

/** Nothing is told to who has a seat by now, or has gone: another mail says so. */
export const registrationWaitlisted = defineMail({
  ...told,
  name: 'registration-waitlisted',
  on: [RegistrationWaitlisted],
  plan: toAttendee,
  async content(_, request) {
    const stillWaits = request.registration?.status === 'WAITLISTED'
    return stillWaits ? content(request) : { ended: 'cancel', reason: 'registration-cancelled' }
  },
})

export const registrationCancelled = defineMail({
  ...told,
  name: 'registration-cancelled',
  on: [RegistrationCancelled],
  plan: toAttendee,
  content: async (_, request) => content(request),
})
