import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import {
  AttendeeCheckedIn,
  RegistrationConfirmed,
  RegistrationSnapshot,
  TicketIssued,
} from '@rollcall/contracts/registrations'
import { DomainError } from '@rollcall/http/errors'
import type { Event, Registration, RegistrationStatus } from '../database/tables.ts'

interface Transition {
  /** `none`: there is no registration yet. */
  from: readonly (RegistrationStatus | 'none')[]
  to: RegistrationStatus
  who: 'attendee' | 'system' | 'scanner'
  fact: { type: string }
}

/** Every change of a registration: from which status, by whom, and the fact that tells of it. */
export const registrationTransitions = {
  register: { from: ['none'], to: 'CONFIRMED', who: 'attendee', fact: RegistrationConfirmed },
  issueTicket: { from: ['CONFIRMED'], to: 'CONFIRMED', who: 'system', fact: TicketIssued },
  checkIn: { from: ['CONFIRMED'], to: 'CONFIRMED', who: 'scanner', fact: AttendeeCheckedIn },
} as const satisfies Record<string, Transition>

export class AlreadyRegistered extends DomainError {
  constructor() {
    super('AlreadyRegistered', 'you are registered for this event already')
  }
}

export class EventFull extends DomainError {
  constructor() {
    super('EventFull', 'every seat is taken')
  }
}

export class RegistrationNotFound extends DomainError {
  constructor() {
    super('RegistrationNotFound', 'there is no such registration')
  }
}

/** Whether somebody may take a seat now, leaving aside whether one is left. */
export function takesRegistrations(event: Pick<Event, 'status' | 'start_at'>, now: Date): boolean {
  return event.status === 'PUBLISHED' && now < event.start_at
}

/** Whether there is a seat to take now. */
export function acceptsRegistrations(
  event: Pick<Event, 'status' | 'start_at' | 'seats_taken' | 'capacity'>,
  now: Date,
): boolean {
  return takesRegistrations(event, now) && event.seats_taken < event.capacity
}

export function registrationSnapshot(registration: Registration, at: Date): OutgoingMessage {
  const data = {
    registrationId: registration.id,
    eventId: registration.event_id,
    attendeeId: registration.attendee_id,
    status: registration.status,
    source: registration.source,
    eventTitle: registration.event_title,
    eventStartAt: registration.event_start_at.toISOString(),
    checkedInAt: registration.checked_in_at?.toISOString() ?? null,
  }
  return message(RegistrationSnapshot, { data, sequence: registration.version, at })
}

/** The ids that every fact about a registration carries. */
export function registrationIds({ id, event_id, attendee_id }: Registration) {
  return { registrationId: id, eventId: event_id, attendeeId: attendee_id }
}
