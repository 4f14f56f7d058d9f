import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { DomainError } from '@rollcall/http/errors'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { EventNotFound, takesRegistrations } from '../events/event.ts'
import type { RecentEvents } from '../events/recent-events.ts'
import type { Event } from '../events/tables.ts'
import { newRegistration } from './new-registration.ts'
import { findActiveRegistration, type PlacedRegistration } from './queries.ts'
import { AlreadyRegistered, EventFull } from './registration.ts'
import type { TakePlace } from './take-place.ts'
import type { Seat, TakeSeat } from './take-seat.ts'
import type { TicketCodes } from './ticket-code.ts'

/** How somebody gets a place. */
export interface Ways {
  /** Together with others who want a seat of the same event: the quick way, while there are seats. */
  takeSeat: TakeSeat
  takePlace: TakePlace
}

/** Gives work these ways, and commits what it has done; nothing of it when it throws. */
export type Commit = (work: (ways: Ways) => Promise<PlacedRegistration>) => Promise<PlacedRegistration>

interface Deps {
  db: Kysely<EventsDatabase>
  recentEvents: RecentEvents
  clock: Clock
  ticketCodes: Pick<TicketCodes, 'current'>
  commit: Commit
}

export interface RegisterAttendee {
  eventId: string
  attendeeId: string
  /** Whether they wait where no seat is left. */
  waitlist: boolean
}

/** An event that is edited while people register is read again; nobody edits faster than that. */
const TRIES = 5

/**
 * Takes a seat at an event, or joins its line.
 *
 * @throws {DomainError} `EventNotFound`, `EventNotPublished`, `RegistrationClosed`, `EventFull`, `AlreadyRegistered`
 */
export async function registerAttendee(deps: Deps, command: RegisterAttendee): Promise<PlacedRegistration> {
  const { db, recentEvents, clock, ticketCodes, commit } = deps
  // It may have changed since: a place is only taken of the version that is looked at here.
  let event = await recentEvents.find(command.eventId)
  let isFull = false
  for (let attempt = 1; ; attempt += 1) {
    const now = clock.now()
    requireOpen(event, now)
    const { version } = event
    const seat = {
      registration: newRegistration(event, {
        attendeeId: command.attendeeId,
        source: 'online',
        ticketKey: ticketCodes.current(),
        now,
      }),
      eventVersion: version,
    }
    try {
      return await commit((ways) => placeOrThrow(isFull ? ways.takePlace(seat) : takenSeat(ways, seat)))
    } catch (error) {
      if (!(error instanceof NoPlaceTaken)) throw error
      event = await recentEvents.read(command.eventId)
      requireOpen(event, now)
      const isAnother = event.version !== version
      if (!isAnother && (await findActiveRegistration(db, command))) throw new AlreadyRegistered()
      if (attempt >= TRIES || (!isAnother && !command.waitlist)) throw new EventFull()
      isFull = !isAnother
    }
  }
}

async function takenSeat({ takeSeat }: Ways, seat: Seat): Promise<PlacedRegistration | undefined> {
  return (await takeSeat(seat)) ? { ...seat.registration, waitlist_position: null } : undefined
}

/** Thrown inside the transaction: whatever else it holds is rolled back with it. */
class NoPlaceTaken extends Error {}

function requireOpen(event: Event | undefined, now: Date): asserts event is Event {
  if (!event || event.status === 'PENDING' || event.status === 'REJECTED') throw new EventNotFound()
  if (event.status !== 'PUBLISHED') throw new DomainError('EventNotPublished', 'the event does not take place')
  if (!takesRegistrations(event, now)) throw new DomainError('RegistrationClosed', whyClosed(event, now))
}

function whyClosed({ registration_opens_at: opens, start_at: start }: Event, now: Date): string {
  if (opens && now < opens) return 'registration has not opened yet'
  return now < start ? 'registration has closed' : 'the event has begun'
}

async function placeOrThrow(placing: Promise<PlacedRegistration | undefined>): Promise<PlacedRegistration> {
  try {
    const registration = await placing
    if (!registration) throw new NoPlaceTaken()
    return registration
  } catch (error) {
    if (violatedUniqueConstraint(error) === 'registrations_active_key') throw new AlreadyRegistered()
    throw error
  }
}
