import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { DomainError } from '@rollcall/http/errors'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { EventNotFound, takesRegistrations } from '../events/event.ts'
import { findEventRow } from '../events/queries.ts'
import type { Event } from '../events/tables.ts'
import { findActiveRegistration } from './queries.ts'
import { AlreadyRegistered, EventFull, registrationActions } from './registration.ts'
import type { Registration } from './tables.ts'
import { takeSeat } from './take-seat.ts'

/** Runs work on the database so that it commits as one: in a transaction, or as the single statement that it is. */
export type Run = <Result>(work: (db: Kysely<EventsDatabase>) => Promise<Result>) => Promise<Result>

interface Deps {
  db: Kysely<EventsDatabase>
  run: Run
  clock: Clock
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
export async function registerAttendee({ db, run, clock }: Deps, command: RegisterAttendee): Promise<Registration> {
  for (let attempt = 1; ; attempt += 1) {
    const now = clock.now()
    const event = await findEventRow(db, command.eventId)
    requireOpen(event, now)
    const registration = confirmed(event, { attendeeId: command.attendeeId, now })
    try {
      return await run((connection) => take(connection, { registration, eventVersion: event.version }))
    } catch (error) {
      if (!(error instanceof NoSeatTaken)) throw error
      const current = await findEventRow(db, command.eventId)
      if (current?.version !== event.version && attempt < TRIES) continue
      throw (await findActiveRegistration(db, command)) ? new AlreadyRegistered() : new EventFull()
    }
  }
}

/** Thrown inside the transaction: whatever else it holds is rolled back with it. */
class NoSeatTaken extends Error {}

function requireOpen(event: Event | undefined, now: Date): asserts event is Event {
  if (!event || event.status === 'PENDING' || event.status === 'REJECTED') throw new EventNotFound()
  if (event.status !== 'PUBLISHED') throw new DomainError('EventNotPublished', 'the event does not take place')
  if (!takesRegistrations(event, now)) throw new DomainError('RegistrationClosed', 'the event has begun')
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

interface Taking {
  registration: Registration
  eventVersion: number
}

async function take(db: Kysely<EventsDatabase>, taking: Taking): Promise<Registration> {
  try {
    if (!(await takeSeat(db, taking))) throw new NoSeatTaken()
    return taking.registration
  } catch (error) {
    if (violatedUniqueConstraint(error) === 'registrations_active_key') throw new AlreadyRegistered()
    throw error
  }
}
