import type { Caller } from '@rollcall/access/caller'
import { message } from '@rollcall/contracts/message'
import { AttendeeCheckedIn } from '@rollcall/contracts/registrations'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import type { Event, EventsDatabase, Registration } from '../database/tables.ts'
import { manages } from '../events/event.ts'
import { findEventRow } from '../events/queries.ts'
import { findRegistration } from '../registrations/queries.ts'
import { registrationIds, registrationSnapshot } from '../registrations/registration.ts'
import type { TicketCodes } from '../tickets/ticket-code.ts'
import { findCheckIn, insertCheckIn, lockEvent, markCheckedIn, raiseCheckedIn } from './queries.ts'
import { refusalOf, type VerdictCode } from './verdict.ts'

export interface VerifyTicketDeps {
  db: Kysely<EventsDatabase>
  transact: Transact<EventsDatabase>
  clock: Clock
  ticketCodes: TicketCodes
}

export interface VerifyTicket {
  qrCode: string
  /** The event at whose door the scanner stands. */
  eventId?: string | undefined
  scanner: Caller
}

export interface Verdict {
  code: VerdictCode
  checkIn?: { id: string; at: Date }
  /** Missing wherever the scanner has no business with the person. */
  registration?: Registration
}

/** Checks a ticket's holder in, or says why not. */
export async function verifyTicket(deps: VerifyTicketDeps, command: VerifyTicket): Promise<Verdict> {
  const { db, clock, ticketCodes } = deps
  const ticket = ticketCodes.read(command.qrCode)
  const registration = ticket && (await findRegistration(db, ticket.registrationId))
  const event = registration && (await findEventRow(db, registration.event_id))
  if (!registration || !event) return { code: 'not_found' }
  const elsewhere = command.eventId !== undefined && command.eventId !== event.id
  if (elsewhere || !manages(event, command.scanner)) return { code: 'wrong_event' }
  const now = clock.now()
  const refusal = refusalOf({ event, registration, now })
  if (refusal === 'already_checked_in') return alreadyCheckedIn(db, registration)
  if (refusal) return { code: refusal, registration }
  return checkIn(deps, { event, registration, scannedBy: command.scanner.id, now })
}

interface CheckIn {
  event: Event
  registration: Registration
  scannedBy: string
  now: Date
}

async function checkIn(
  { db, transact }: VerifyTicketDeps,
  { event, registration, scannedBy, now }: CheckIn,
): Promise<Verdict> {
  const id = newId()
  const checkedIn = await transact(async (tx) => {
    await lockEvent(tx, event.id)
    const marked = await markCheckedIn(tx, registration.id, now)
    if (!marked) return undefined
    await raiseCheckedIn(tx, event.id)
    await insertCheckIn(tx, { id, registration_id: marked.id, event_id: event.id, scanned_by: scannedBy, at: now })
    const data = { ...registrationIds(marked), checkInId: id, scannedBy }
    const fact = message(AttendeeCheckedIn, { data, sequence: marked.version, at: now })
    await appendToOutbox(tx, registrationSnapshot(marked, now), fact)
    return marked
  })
  // Another gate was first.
  if (!checkedIn) return alreadyCheckedIn(db, registration)
  return { code: 'checked_in', checkIn: { id, at: now }, registration: checkedIn }
}

async function alreadyCheckedIn(db: Kysely<EventsDatabase>, registration: Registration): Promise<Verdict> {
  const first = await findCheckIn(db, registration.id)
  if (!first) return { code: 'cancelled', registration }
  return {
    code: 'already_checked_in',
    checkIn: { id: first.id, at: first.at },
    registration: { ...registration, checked_in_at: first.at },
  }
}
