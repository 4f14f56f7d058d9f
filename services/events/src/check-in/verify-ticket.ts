import type { Caller } from '@rollcall/access/caller'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { manages } from '../events/event.ts'
import { findEventRow } from '../events/queries.ts'
import type { Event } from '../events/tables.ts'
import { findRegistration } from '../registrations/queries.ts'
import type { Registration } from '../registrations/tables.ts'
import type { TicketCodes } from '../registrations/ticket-code.ts'
import { checkIn } from './check-in.ts'
import { findCheckIn, lockForCheckIn } from './queries.ts'
import { findScan, nonceKeyOf, recordScan, type Scan, type Verdict } from './scans.ts'
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
  /** Chosen by the gate: the same again is the same scan, and gets the same verdict. */
  nonce?: string | undefined
  gate?: string | undefined
  scanner: Caller
}

/** Checks a ticket's holder in, or says why not; and keeps what was scanned. */
export async function verifyTicket(deps: VerifyTicketDeps, command: VerifyTicket): Promise<Verdict> {
  const { db, transact, clock } = deps
  const { scanner, nonce, eventId, qrCode } = command
  const nonceKey = nonceKeyOf({ nonce, scannedBy: scanner.id, eventId, qrCode })
  const earlier = nonceKey && (await findScan(db, nonceKey))
  if (earlier) return earlier
  const found = await decide(deps, command)
  const about = { id: newId(), scannedBy: scanner.id, gate: command.gate ?? null, nonceKey, at: clock.now() }
  const scan: Scan = { ...about, eventId: found.eventId }
  const { ticket } = found
  try {
    return await transact(async (tx) => {
      const verdict = ticket ? await decideAgain(tx, { scan, ...ticket }) : { code: found.code }
      if (!(await recordScan(tx, { scan, verdict }))) throw new ScannedBefore()
      return verdict
    })
  } catch (error) {
    const first = error instanceof ScannedBefore && nonceKey ? await findScan(db, nonceKey) : undefined
    if (first) return first
    throw error
  }
}

/** Thrown inside the transaction, so that it rolls back: the same scan was under way already. */
class ScannedBefore extends Error {}

interface Decision {
  /** At whose door, where the scanner manages that event. */
  eventId: string | null
  code: VerdictCode
  /** Of an event that the scanner manages. */
  ticket?: { event: Event; registration: Registration }
}

/** What a code is, for whoever scans it: nothing about the person where it is none of their business. */
async function decide({ db, ticketCodes }: VerifyTicketDeps, command: VerifyTicket): Promise<Decision> {
  const { eventId, scanner, qrCode } = command
  const read = ticketCodes.read(qrCode)
  const registration = read && (await findRegistration(db, read.registrationId))
  const event = registration && (await findEventRow(db, registration.event_id))
  if (!registration || !event) return { eventId: await doorOf(db, command), code: 'not_found' }
  const elsewhere = eventId !== undefined && eventId !== event.id
  if (elsewhere || !manages(event, scanner)) return { eventId: await doorOf(db, command), code: 'wrong_event' }
  return { eventId: event.id, code: 'checked_in', ticket: { event, registration } }
}

async function doorOf(db: Kysely<EventsDatabase>, { eventId, scanner }: VerifyTicket): Promise<string | null> {
  const event = eventId === undefined ? undefined : await findEventRow(db, eventId)
  return event && manages(event, scanner) ? event.id : null
}

interface Ticket {
  scan: Scan
  event: Event
  registration: Registration
}

/** On rows that nobody else can change meanwhile: a cancellation or another gate may have come in between. */
async function decideAgain(tx: Parameters<typeof lockForCheckIn>[0], { scan, ...read }: Ticket): Promise<Verdict> {
  const refusal = refusalOf({ ...read, now: scan.at })
  const current = refusal
    ? read
    : await lockForCheckIn(tx, { eventId: read.event.id, registrationId: read.registration.id })
  if (!current) return { code: 'not_found' }
  const code = refusal ?? refusalOf({ ...current, now: scan.at })
  if (code) return refused(tx, current.registration, code)
  return checkIn(tx, { ...current, scan })
}

/** A refusal, with the check-in that was first where there is one. */
export async function refused(
  db: Kysely<EventsDatabase>,
  registration: Registration,
  code: VerdictCode,
): Promise<Verdict> {
  const first = code === 'already_checked_in' ? await findCheckIn(db, registration.id) : undefined
  return {
    code,
    ...(first ? { checkIn: first } : {}),
    registration: first ? { ...registration, checked_in_at: first.at } : registration,
  }
}
