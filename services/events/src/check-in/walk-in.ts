import type { Caller } from '@rollcall/access/caller'
import { emailKey } from '@rollcall/http/email-address'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { lockEvent } from '../events/queries.ts'
import { requireManager } from '../events/require-managed.ts'
import type { Event } from '../events/tables.ts'
import { findGuestByEmail, findPersonByEmail, insertGuest, lockAddress } from '../people/queries.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { newRegistration } from '../registrations/new-registration.ts'
import { lockActiveRegistration } from '../registrations/queries.ts'
import { EventFull } from '../registrations/registration.ts'
import { storeWalkIn } from '../registrations/store-walk-in.ts'
import type { Registration } from '../registrations/tables.ts'
import type { TicketCodes } from '../registrations/ticket-code.ts'
import { shiftCounters } from '../seats/counters.ts'
import { overrideCapacity } from '../seats/override-capacity.ts'
import { checkIn } from './check-in.ts'
import { recordScan, type Scan, type Verdict } from './scans.ts'
import { refusalOf } from './verdict.ts'
import { refused } from './verify-ticket.ts'

interface Deps {
  transact: Transact<EventsDatabase>
  clock: Clock
  ticketCodes: Pick<TicketCodes, 'current'>
}

export interface WalkIn {
  eventId: string
  email: string
  /** Of a guest; who is known keeps their name. */
  name?: string | undefined
  gate?: string | undefined
  /** Let them in even where every seat is taken. */
  overrideCapacity: boolean
  reason?: string | undefined
  scanner: Caller
}

/**
 * Lets somebody in who has no ticket at hand: by the registration that they have, or a new one. Who has no account is a guest.
 *
 * @throws {DomainError} `EventNotFound`, `Forbidden` for somebody else's event, `EventFull` without the override
 */
export function walkIn({ transact, clock, ticketCodes }: Deps, command: WalkIn): Promise<Verdict> {
  const { scanner, eventId, gate = null } = command
  return transact(async (tx) => {
    const now = clock.now()
    const { event } = requireManager(await lockEvent(tx, eventId), scanner)
    const attendeeId = await attendeeOf(tx, command, now)
    const existing = await lockActiveRegistration(tx, { eventId, attendeeId })
    const registration =
      existing ?? newRegistration(event, { attendeeId, source: 'walk_in', ticketKey: ticketCodes.current(), now })
    const scan: Scan = { id: newId(), eventId, scannedBy: scanner.id, gate, nonceKey: null, at: now }
    // Whoever waits for a seat is here now, and asks for one.
    const refusal = refusalOf({ event, registration: { ...registration, status: 'CONFIRMED' }, now })
    if (refusal) {
      const verdict = existing ? await refused(tx, existing, refusal) : { code: refusal }
      await recordScan(tx, { scan, verdict })
      return verdict
    }
    const seated = await seat(tx, { event, registration, isNew: !existing, command, now })
    const verdict = await checkIn(tx, { event, registration: seated, scan })
    await recordScan(tx, { scan, verdict, overrideReason: command.reason ?? null })
    return verdict
  })
}

/** The account that has proven the address, or the guest of that address. */
async function attendeeOf(tx: Transaction<EventsDatabase>, { email, name }: WalkIn, now: Date): Promise<string> {
  const key = emailKey(email)
  await lockAddress(tx, key)
  const known = (await findPersonByEmail(tx, key)) ?? (await findGuestByEmail(tx, key))
  if (known) return known.id
  const id = newId()
  await insertGuest(tx, { id, email, email_key: key, name: name ?? null, created_at: now })
  return id
}

interface Seating {
  event: Event
  registration: Registration
  isNew: boolean
  command: WalkIn
  now: Date
}

/** The registration with a seat; above the capacity only where whoever stands at the door says so. */
async function seat(tx: Transaction<EventsDatabase>, seating: Seating): Promise<Registration> {
  const { event, registration, isNew, command, now } = seating
  if (!isNew && registration.status === 'CONFIRMED') return registration
  if (event.seats_taken >= event.capacity) {
    if (!command.overrideCapacity) throw new EventFull()
    await overrideCapacity(tx, { event, actorId: command.scanner.id, now })
  }
  if (isNew) {
    await storeWalkIn(tx, registration)
    await shiftCounters(tx, event.id, { seats: 1 })
    return registration
  }
  const change = { action: 'promote', by: 'manager', registration, data: {}, now } as const
  const promoted = await changeRegistration(tx, change)
  if (!promoted) throw new TypeError('a locked registration was changed')
  await shiftCounters(tx, event.id, { seats: 1, waiting: -1 })
  return promoted
}
