import { z } from 'zod'
import { defineFact, defineSnapshot } from './define.ts'
import { id, sealed, time } from './fields.ts'

const event = { version: 1, aggregate: 'event', source: '/events' } as const
const byEvent = (data: { eventId: string }) => data.eventId

export const eventStatuses = ['PENDING', 'PUBLISHED', 'REJECTED', 'CANCELLED'] as const
export const eventVisibilities = ['public', 'unlisted'] as const

/** What may be edited of an event. */
export const eventFieldNames = [
  'title',
  'description',
  'startAt',
  'endAt',
  'timeZone',
  'location',
  'onlineUrl',
  'capacity',
  'category',
  'tags',
  'visibility',
  'registrationOpensAt',
  'registrationClosesAt',
  'reminders',
  'checkInOpensMinutes',
] as const

/** What tells when and where an event is: people who hold a place are told when one of these changes. */
export const scheduleFieldNames = ['startAt', 'endAt', 'timeZone', 'location', 'onlineUrl'] as const

export const EventSnapshot = defineSnapshot({
  ...event,
  key: byEvent,
  data: z.strictObject({
    eventId: id,
    title: z.string(),
    description: z.string(),
    startAt: time,
    endAt: time,
    timeZone: z.string(),
    location: z.string(),
    onlineUrl: z.string().nullable(),
    capacity: z.int(),
    category: z.string(),
    tags: z.array(z.string()),
    visibility: z.enum(eventVisibilities),
    status: z.enum(eventStatuses),
    organizerId: id,
    checkInOpensMinutes: z.int(),
    /** Minutes before the start. */
    reminders: z.array(z.int()).optional(),
    /** Raised by each change of time or place. */
    scheduleVersion: z.int().optional(),
  }),
})

/** Waits for a manager's decision. */
export const EventSubmitted = defineFact({
  ...event,
  type: 'event.submitted',
  key: byEvent,
  data: z.strictObject({ eventId: id, organizerId: id }),
})

/** `approvedBy`: it has waited for the decision of this person. */
export const EventPublished = defineFact({
  ...event,
  type: 'event.published',
  key: byEvent,
  data: z.strictObject({ eventId: id, organizerId: id, approvedBy: id.optional() }),
})

/** `sealed`, a `StatedReason`, is for its organizer: free text may name people, so it is no open member. */
export const EventRejected = defineFact({
  ...event,
  type: 'event.rejected',
  key: byEvent,
  data: z.strictObject({ eventId: id, organizerId: id, rejectedBy: id, sealed }),
})

/** Does not take place. Whoever held a place is told by their own `registration.cancelled`. */
export const EventCancelled = defineFact({
  ...event,
  type: 'event.cancelled',
  key: byEvent,
  data: z.strictObject({ eventId: id, organizerId: id, actorId: id }),
})

/** It is gone, and nobody ever held a place. */
export const EventDeleted = defineFact({
  ...event,
  type: 'event.deleted',
  key: byEvent,
  data: z.strictObject({ eventId: id, organizerId: id, actorId: id }),
})

/** `fields`: what has another value now. */
export const EventUpdated = defineFact({
  ...event,
  type: 'event.updated',
  key: byEvent,
  data: z.strictObject({ eventId: id, organizerId: id, actorId: id, fields: z.array(z.enum(eventFieldNames)).min(1) }),
})

export const eventMessages = [
  EventSnapshot,
  EventSubmitted,
  EventPublished,
  EventRejected,
  EventUpdated,
  EventCancelled,
  EventDeleted,
] as const
