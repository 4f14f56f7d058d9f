import type { FactDefinition } from '@rollcall/contracts/define'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import {
  AttendeeCheckedIn,
  AttendeeCheckinUndone,
  RegistrationCancelled,
  RegistrationConfirmed,
  RegistrationPromoted,
  RegistrationRescheduled,
  RegistrationSnapshot,
  RegistrationWaitlisted,
  TicketIssued,
} from '@rollcall/contracts/registrations'
import { DomainError } from '@rollcall/http/errors'
import type { Registration, RegistrationStatus } from './tables.ts'

/** Who does something to a registration: whose it is, who manages its event, or a rule without anybody asking. */
export type Actor = 'attendee' | 'manager' | 'system'

interface RegistrationAction {
  /** `none`: there is no registration yet. */
  from: readonly (RegistrationStatus | 'none')[]
  /** `same`: its status stays. */
  to: RegistrationStatus | 'same'
  who: readonly Actor[]
  fact: FactDefinition
  /** What must not have happened to it before: each happens once. */
  once?: 'ticket_issued_at' | 'checked_in_at' | 'cancelled_at'
}

/** Every change of a registration: from which status, by whom, and the fact that tells of it. */
export const registrationActions = {
  register: { from: ['none'], to: 'CONFIRMED', who: ['attendee'], fact: RegistrationConfirmed },
  joinLine: { from: ['none'], to: 'WAITLISTED', who: ['attendee'], fact: RegistrationWaitlisted },
  /** Comes to the door without a place. */
  walkIn: { from: ['none'], to: 'CONFIRMED', who: ['manager'], fact: RegistrationConfirmed },
  promote: { from: ['WAITLISTED'], to: 'CONFIRMED', who: ['system', 'manager'], fact: RegistrationPromoted },
  cancel: {
    from: ['CONFIRMED', 'WAITLISTED'],
    to: 'CANCELLED',
    who: ['attendee', 'system'],
    fact: RegistrationCancelled,
    once: 'cancelled_at',
  },
  /** Told that the event is at another time or place. */
  reschedule: { from: ['CONFIRMED', 'WAITLISTED'], to: 'same', who: ['system'], fact: RegistrationRescheduled },
  issueTicket: { from: ['CONFIRMED'], to: 'CONFIRMED', who: ['system'], fact: TicketIssued, once: 'ticket_issued_at' },
  checkIn: { from: ['CONFIRMED'], to: 'CONFIRMED', who: ['manager'], fact: AttendeeCheckedIn, once: 'checked_in_at' },
  undoCheckIn: { from: ['CONFIRMED'], to: 'CONFIRMED', who: ['manager'], fact: AttendeeCheckinUndone },
} as const satisfies Record<string, RegistrationAction>

/** The same, where its name is not known. */
export function actionOf(name: keyof typeof registrationActions): RegistrationAction {
  return registrationActions[name]
}

/** Whether somebody may do this to a registration as it is now. */
export function mayAct(name: keyof typeof registrationActions, registration: Registration, by: Actor): boolean {
  const { from, who, once } = actionOf(name)
  return who.includes(by) && from.includes(registration.status) && (once === undefined || registration[once] === null)
}

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

/** What the code of its ticket says. */
export function signedTicket({ id, event_id, ticket_key }: Pick<Registration, 'id' | 'event_id' | 'ticket_key'>) {
  return { registrationId: id, eventId: event_id, key: ticket_key }
}
