import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { DomainError } from '@rollcall/http/errors'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { EventNotFound, takesRegistrations } from '../events/event.ts'
import type { RecentEvents } from '../events/recent-events.ts'
import type { Event } from '../events/tables.ts'
import { findActiveRegistration } from './queries.ts'
import { AlreadyRegistered, EventFull, registrationActions } from './registration.ts'
import type { Registration } from './tables.ts'
import type { TakeSeat } from './take-seat.ts'

/** Gives work a way to take a seat, and commits what it has done; nothing of it when it throws. */
export type Commit = (work: (take: TakeSeat) => Promise<Registration>) => Promise<Registration>

interface Deps {
  db: Kysely<EventsDatabase>
  recentEvents: RecentEvents
  clock: Clock
  commit: Commit
}

export interface RegisterAttendee {
  eventId: string
  attendeeId: string
}

/** An event that is edited while people register is read again; nobody edits faster than that. */
const TRIES = 5

/**
 * Takes a seat at an event.
 *
 * @throws {DomainError} `EventNotFound`, `EventNotPublished`, `RegistrationClosed`, `EventFull`, `AlreadyRegistered`
 */
export async function registerAttendee(deps: Deps, command: RegisterAttendee): Promise<Registration> {
  const { db, recentEvents, clock, commit } = deps
  // It may have changed since: a seat is only taken of the version that is looked at here.
  let event = await recentEvents.find(command.eventId)
  for (let attempt = 1; ; attempt += 1) {
    const now = clock.now()
    requireOpen(event, now)
    const { version } = event
    const registration = confirmed(event, { attendeeId: command.attendeeId, now })
    try {
      return await commit((take) => takeOrThrow(take, { registration, eventVersion: version }))
    } catch (error) {
      if (!(error instanceof NoSeatTaken)) throw error
      event = await recentEvents.read(command.eventId)
      requireOpen(event, now)
      if (event.version !== version && attempt < TRIES) continue
      throw (await findActiveRegistration(db, command)) ? new AlreadyRegistered() : new EventFull()
    }
  }
}

/** Thrown inside the transaction: whatever else it holds is rolled back with it. */
class NoSeatTaken extends Error {}

function requireOpen(event: Event | undefined, now: Date): asserts event is Event {
  if (!event || event.status === 'PENDING' || event.status === 'REJECTED') throw new EventNotFound()
  if (event.status !== 'PUBLISHED') throw new DomainError('EventNotPublished', 'the event does not take place')
  if (!takesRegistrations(event, now)) throw new DomainError('RegistrationClosed', whyClosed(event, now))
}

function whyClosed({ registration_opens_at: opens, start_at: start }: Event, now: Date): string {
  if (opens && now < opens) return 'registration has not opened yet'
  return now < start ? 'registration has closed' : 'the event has begun'
}

function confirmed(event: Event, { attendeeId, now }: { attendeeId: string; now: Date }): Registration {
  return {
    id: newId(),
    version: 1,
    event_id: event.id,
    attendee_id: attendeeId,
    status: registrationActions.register.to,
    source: 'online',
    event_title: event.title,
    event_start_at: event.start_at,
    ticket_issued_at: null,
    checked_in_at: null,
    created_at: now,
  }
}

async function takeOrThrow(take: TakeSeat, seat: Parameters<TakeSeat>[0]): Promise<Registration> {
  try {
    if (!(await take(seat))) throw new NoSeatTaken()
    return seat.registration
  } catch (error) {
    if (violatedUniqueConstraint(error) === 'registrations_active_key') throw new AlreadyRegistered()
    throw error
  }
}
