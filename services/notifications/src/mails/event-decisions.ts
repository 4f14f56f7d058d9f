import { EventPublished, EventRejected, EventSubmitted } from '@rollcall/contracts/events'
import { sealed } from '@rollcall/contracts/fields'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import type { Need } from '../ledger/delivery.ts'
import { STAFF } from '../ledger/plan-deliveries.ts'
import { aboutEvent, eventGone, eventVariables } from './about-event.ts'
import { defineMail } from './define-mail.ts'
import { openReason } from './open-sealed.ts'

const told = { group: 'events', policy: 'hold', sendWithinMs: days(3), category: 'essential' } as const

interface AboutEvent {
  sequence: number
  data: { eventId: string; organizerId: string }
}

const needsEvent = ({ sequence, data: { eventId } }: AboutEvent): Need => ({
  projection: 'events',
  id: eventId,
  sequence,
})

/** A plan for whoever the event is by, once the event is known as its fact tells of it. */
function toOrganizer<Data extends object>(fact: AboutEvent, data: Data) {
  const { organizerId, eventId } = fact.data
  const needs: Need[] = [{ projection: 'recipients', id: organizerId, sequence: 0 }, needsEvent(fact)]
  return { recipientId: organizerId, data: { eventId, ...data }, needs }
}

const ofEvent = z.object({ eventId: z.uuid() })

/** To everybody who may decide about it, as they are when it is submitted. */
export const eventSubmitted = defineMail({
  ...told,
  name: 'event-submitted',
  on: [EventSubmitted],
  category: 'optional',
  data: ofEvent,
  variables: eventVariables,
  plan: (fact) => ({ recipientId: STAFF, data: { eventId: fact.data.eventId }, needs: [needsEvent(fact)] }),
  async content(deps, request) {
    const values = aboutEvent(deps, request)
    return values ? { values } : eventGone
  },
})

/** Of an event that has waited for a decision: whoever publishes their own at once knows it. */
export const eventApproved = defineMail({
  ...told,
  name: 'event-approved',
  on: [EventPublished],
  data: ofEvent,
  variables: eventVariables,
  plan: (fact) => (fact.data.approvedBy === undefined ? undefined : toOrganizer(fact, {})),
  async content(deps, request) {
    const values = aboutEvent(deps, request)
    return values ? { values } : eventGone
  },
})

export const eventRejected = defineMail({
  ...told,
  name: 'event-rejected',
  on: [EventRejected],
  data: ofEvent.extend({ sealed }),
  variables: { ...eventVariables, reason: 'The room is taken that evening; please pick another day.' },
  plan: (fact) => toOrganizer(fact, { sealed: fact.data.sealed }),
  async content(deps, request) {
    const values = aboutEvent(deps, request)
    if (!values) return eventGone
    const reason = await openReason(deps, request.data.sealed, request.addressee)
    if (reason === undefined) return { ended: 'giveUp', reason: 'not-unsealable' }
    return { values: { ...values, reason } }
  },
})
