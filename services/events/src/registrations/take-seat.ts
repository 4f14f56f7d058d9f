import { message } from '@rollcall/contracts/message'
import { outboxInsert, outboxRows } from '@rollcall/outbox/append'
import type { NewOutboxRow } from '@rollcall/outbox/tables'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { takingSeats } from '../seats/counters.ts'
import { registrationActions, registrationIds, registrationSnapshot } from './registration.ts'
import type { Registration } from './tables.ts'

export interface Seat {
  registration: Registration
  /** The event's version that the registration's title and start come from. */
  eventVersion: number
}

/** A seat with what its taking tells, in the trace of whoever asked for it. */
export interface WantedSeat extends Seat {
  told: NewOutboxRow[]
}

/** To be called where somebody asks for the seat. */
export function wantSeat(seat: Seat): WantedSeat {
  const { registration } = seat
  const { created_at: at, version: sequence } = registration
  const fact = message(registrationActions.register.fact, { data: registrationIds(registration), sequence, at })
  return { ...seat, told: outboxRows([registrationSnapshot(registration, at), fact]) }
}

/** @returns whether the seat was taken, as {@link takeSeats} says */
export type TakeSeat = (seat: Seat) => Promise<boolean>

/** Takes one seat, as {@link takeSeats} does. */
export function takeSeat(db: Kysely<EventsDatabase>, seat: Seat): Promise<boolean> {
  return takeSeats(db, [wantSeat(seat)])
}

/**
 * The one way to make registrations: takes seats of one version of one event, all or none, and stores the registrations,
 * their snapshots and their facts, in a single statement. The event's row is locked for one round trip, which is what
 * bounds how fast a sought-after event can be sold.
 *
 * @returns whether the seats were taken; false when not enough were left, somebody waits, or the event has changed meanwhile
 * @throws a violation of `registrations_active_key` if somebody among them has a seat already; nothing is taken then
 */
export async function takeSeats(
  db: Kysely<EventsDatabase>,
  seats: readonly [WantedSeat, ...WantedSeat[]],
): Promise<boolean> {
  const [{ registration, eventVersion }] = seats
  const registrations = seats.map((seat) => seat.registration)
  const latest = new Date(Math.max(...registrations.map(({ created_at }) => created_at.getTime())))
  const told = seats.flatMap((seat) => seat.told)
  const { rows } = await sql`
    with seat as (
      ${takingSeats({ eventId: registration.event_id, eventVersion, at: latest, seats: seats.length })}
    ), taken as (
      insert into registrations
        (id, version, event_id, attendee_id, status, source, event_title, event_start_at, schedule_version,
         ticket_key, created_at)
      select r.id, r.version, seat.id, r.attendee_id, r.status, r.source, r.event_title, r.event_start_at,
        r.schedule_version, r.ticket_key, r.created_at
      from seat, json_populate_recordset(null::registrations, ${JSON.stringify(registrations)}) as r
    ), told as (
      ${outboxInsert('seat', told)}
    )
    select id from seat`.execute(db)
  return rows.length === 1
}
