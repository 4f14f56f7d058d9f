import { z } from 'zod'
import { defineFact, defineSnapshot } from './define.ts'
import { scheduleFieldNames } from './events.ts'
import { id, sealed, time } from './fields.ts'

const registration = { version: 1, aggregate: 'registration', source: '/events' } as const
const byRegistration = (data: { registrationId: string }) => data.registrationId

/** What every fact about a registration carries. */
const ids = { registrationId: id, eventId: id, attendeeId: id }

export const registrationStatuses = ['CONFIRMED', 'WAITLISTED', 'CANCELLED'] as const
export const registrationSources = ['online', 'walk_in', 'import'] as const

/** Title and start are those that the attendee was told last. */
export const RegistrationSnapshot = defineSnapshot({
  ...registration,
  key: byRegistration,
  data: z.strictObject({
    registrationId: id,
    eventId: id,
    attendeeId: id,
    status: z.enum(registrationStatuses),
    source: z.enum(registrationSources),
    eventTitle: z.string(),
    eventStartAt: time,
    checkedInAt: time.nullable(),
  }),
})

export const RegistrationConfirmed = defineFact({
  ...registration,
  type: 'registration.confirmed',
  key: byRegistration,
  data: z.strictObject(ids),
})

/** There was no seat left, or somebody waited already: they are at the end of the line. */
export const RegistrationWaitlisted = defineFact({
  ...registration,
  type: 'registration.waitlisted',
  key: byRegistration,
  data: z.strictObject(ids),
})

/** Has waited, and has a seat now. */
export const RegistrationPromoted = defineFact({
  ...registration,
  type: 'registration.promoted',
  key: byRegistration,
  data: z.strictObject(ids),
})

/** Why nobody has the place any more. */
export const cancelReasons = ['attendee', 'event_cancelled', 'attendee_deleted'] as const

/**
 * The place is given up: its code opens no door any more. `sealed`, a `StatedReason`, is there where whoever cancelled the
 * event said why.
 */
export const RegistrationCancelled = defineFact({
  ...registration,
  type: 'registration.cancelled',
  key: byRegistration,
  data: z.strictObject({
    ...ids,
    actorId: id,
    /** `attendee` where it is missing. */
    reason: z.enum(cancelReasons).optional(),
    sealed: sealed.optional(),
  }),
})

/** What `sealed` holds where an event takes place elsewhere than somebody was told before. */
export const PreviousPlace = z.object({ location: z.string() })
export type PreviousPlace = z.infer<typeof PreviousPlace>

/**
 * The event is at another time or place than whoever holds this one was told last. `fields` may have changed several times
 * since; `sealed`, a {@link PreviousPlace}, is there where the location is another.
 */
export const RegistrationRescheduled = defineFact({
  ...registration,
  type: 'registration.rescheduled',
  key: byRegistration,
  data: z.strictObject({
    ...ids,
    /** The event's version from which on it is as it is now. */
    eventVersion: z.int(),
    fields: z.array(z.enum(scheduleFieldNames)).min(1),
    previousStartAt: time,
    sealed: sealed.optional(),
  }),
})

/** What `sealed` holds where a ticket is issued: the page that shows it, which is for whoever has the address. */
export const TicketLink = z.object({ url: z.url() })
export type TicketLink = z.infer<typeof TicketLink>

/** The QR image is stored: `objectKey` names it in the bucket of tickets. `sealed` is a {@link TicketLink}. */
export const TicketIssued = defineFact({
  ...registration,
  type: 'ticket.issued',
  key: byRegistration,
  data: z.strictObject({
    ...ids,
    objectKey: z.string().regex(/^[0-9a-f-]{36}\.png$/, 'not an object key'),
    sealed: sealed.optional(),
  }),
})

export const AttendeeCheckedIn = defineFact({
  ...registration,
  type: 'attendee.checked_in',
  key: byRegistration,
  data: z.strictObject({ ...ids, checkInId: id, scannedBy: id }),
})

/** The gate took it back: the ticket is good again. */
export const AttendeeCheckinUndone = defineFact({
  ...registration,
  type: 'attendee.checkin_undone',
  key: byRegistration,
  data: z.strictObject({ ...ids, checkInId: id, undoneBy: id }),
})

export const registrationMessages = [
  RegistrationSnapshot,
  RegistrationConfirmed,
  RegistrationWaitlisted,
  RegistrationPromoted,
  RegistrationCancelled,
  RegistrationRescheduled,
  TicketIssued,
  AttendeeCheckedIn,
  AttendeeCheckinUndone,
] as const
