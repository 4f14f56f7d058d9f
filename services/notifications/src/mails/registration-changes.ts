import { sealed } from '@rollcall/contracts/fields'
import {
  PreviousPlace,
  RegistrationCancelled,
  RegistrationRescheduled,
  RegistrationWaitlisted,
} from '@rollcall/contracts/registrations'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import type { Need } from '../ledger/delivery.ts'
import { formatMoment } from '../rendering/format-moment.ts'
import type { ContentDeps, ContentRequest } from '../sending/mail-content.ts'
import { aboutEvent, eventGone, eventVariables } from './about-event.ts'
import { defineMail } from './define-mail.ts'
import { openReason, openSealed } from './open-sealed.ts'

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

function content(deps: ContentDeps, request: ContentRequest<{ eventId: string }>) {
  const values = aboutEvent(deps, request)
  return values ? { values } : eventGone
}

/** Nothing is told to who has a seat by now, or has gone: another mail says so. */
export const registrationWaitlisted = defineMail({
  ...told,
  name: 'registration-waitlisted',
  on: [RegistrationWaitlisted],
  plan: toAttendee,
  async content(deps, request) {
    const stillWaits = request.registration?.status === 'WAITLISTED'
    return stillWaits ? content(deps, request) : { ended: 'cancel', reason: 'registration-cancelled' }
  },
})

/** Of a place that its holder has given up. */
export const registrationCancelled = defineMail({
  ...told,
  name: 'registration-cancelled',
  on: [RegistrationCancelled],
  plan: (fact) => ((fact.data.reason ?? 'attendee') === 'attendee' ? toAttendee(fact) : undefined),
  content: async (deps, request) => content(deps, request),
})

/** Of a place at an event that does not take place. */
export const eventCancelled = defineMail({
  ...told,
  name: 'event-cancelled',
  on: [RegistrationCancelled],
  data: told.data.extend({ sealed: sealed.optional() }),
  variables: { ...eventVariables, reason: 'The speaker is ill; we look for another day.' },
  plan(fact) {
    if (fact.data.reason !== 'event_cancelled') return undefined
    const plan = toAttendee(fact)
    return { ...plan, data: { ...plan.data, sealed: fact.data.sealed } }
  },
  async content(deps, request) {
    const values = aboutEvent(deps, request)
    if (!values) return eventGone
    const reason = await openReason(deps, request.data.sealed, request.addressee)
    return reason === undefined ? { ended: 'giveUp', reason: 'not-unsealable' } : { values: { ...values, reason } }
  },
})

/** When and where an event is now, beside what somebody was told before. */
export const eventRescheduled = defineMail({
  ...told,
  group: 'rescheduled',
  name: 'event-rescheduled',
  on: [RegistrationRescheduled],
  data: told.data.extend({ previousStartAt: z.iso.datetime(), sealed: sealed.optional() }),
  variables: { ...eventVariables, previousStart: 'Sunday, 31 May 2026 at 18:00 (CEST)', previousLocation: 'Room 3' },
  plan(fact) {
    const { eventId, eventVersion, previousStartAt, sealed } = fact.data
    const plan = toAttendee(fact)
    const needs: Need[] = [...plan.needs, { projection: 'events', id: eventId, sequence: eventVersion }]
    return { ...plan, data: { ...plan.data, previousStartAt, sealed }, needs }
  },
  async content(deps, request) {
    const { event, addressee, registration, data } = request
    if (!registration || registration.status === 'CANCELLED')
      return { ended: 'cancel', reason: 'registration-cancelled' }
    const values = aboutEvent(deps, request)
    if (!event || !values) return eventGone
    if (event.status === 'CANCELLED') return { ended: 'cancel', reason: 'event-cancelled' }
    const place = data.sealed && (await openSealed(deps.privateKeys, data.sealed, PreviousPlace))
    if (data.sealed && !place) return { ended: 'giveUp', reason: 'not-unsealable' }
    const timeZone = event.time_zone ?? 'UTC'
    const previousStart = formatMoment(new Date(data.previousStartAt), { locale: addressee.locale, timeZone })
    return { values: { ...values, previousStart, previousLocation: place ? place.location : values.eventLocation } }
  },
})
