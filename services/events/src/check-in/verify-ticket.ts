import type { Caller } from '@rollcall/access/caller'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { manages } from '../events/event.ts'
import { findEventRow } from '../events/queries.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { findRegistration } from '../registrations/queries.ts'
import type { Registration } from '../registrations/tables.ts'
import type { TicketCodes } from '../registrations/ticket-code.ts'
import { shiftCounters } from '../seats/counters.ts'
import { findCheckIn, insertCheckIn, lockForCheckIn } from './queries.ts'
import { refusalOf, type Scan, type VerdictCode } from './verdict.ts'

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
  const scan = { event, registration, now: clock.now() }
  const refusal = refusalOf(scan)
  if (refusal) return refused(db, scan, refusal)
  return checkIn(deps, { ...scan, scannedBy: command.scanner.id })
}

interface CheckIn extends Scan {
  scannedBy: string
}

/** Decides again on rows that nobody else can change meanwhile: a cancellation or another gate may have come in between. */
async function checkIn({ db, transact }: VerifyTicketDeps, scan: CheckIn): Promise<Verdict> {
  const { now, scannedBy } = scan
  const id = newId()
  const outcome = await transact(async (tx) => {
    const ids = { eventId: scan.event.id, registrationId: scan.registration.id }
    const current = await lockForCheckIn(tx, ids)
    if (!current) return { refusal: 'not_found' as const, current: scan }
    const refusal = refusalOf({ ...current, now })
    if (refusal) return { refusal, current }
    const { registration } = current
    const data = { checkInId: id, scannedBy }
    const marked = await changeRegistration(tx, { action: 'checkIn', by: 'manager', registration, data, now })
    if (!marked) throw new TypeError('a locked registration was changed')
    await shiftCounters(tx, ids.eventId, { checkedIn: 1 })
    await insertCheckIn(tx, { id, registration_id: marked.id, event_id: ids.eventId, scanned_by: scannedBy, at: now })
    return { marked }
  })
  if (outcome.marked) return { code: 'checked_in', checkIn: { id, at: now }, registration: outcome.marked }
  return refused(db, outcome.current, outcome.refusal)
}

type Rows = Pick<Scan, 'event' | 'registration'>

async function refused(db: Kysely<EventsDatabase>, { registration }: Rows, code: VerdictCode): Promise<Verdict> {
  if (code === 'not_found') return { code }
  const first = code === 'already_checked_in' ? await findCheckIn(db, registration.id) : undefined
  return {
    code,
    ...(first ? { checkIn: { id: first.id, at: first.at } } : {}),
    registration: first ? { ...registration, checked_in_at: first.at } : registration,
  }
}
