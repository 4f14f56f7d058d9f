import { message } from '@rollcall/contracts/message'
import { outboxInsert, outboxRows } from '@rollcall/outbox/append'
import type { NewOutboxRow } from '@rollcall/outbox/tables'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { takingPlace } from '../seats/counters.ts'
import type { PlacedRegistration } from './queries.ts'
import { registrationActions, registrationIds, registrationSnapshot } from './registration.ts'
import type { Registration } from './tables.ts'
import type { Seat } from './take-seat.ts'

/** @returns the registration with its place; undefined where the event has changed meanwhile */
export type TakePlace = (seat: Seat) => Promise<PlacedRegistration | undefined>

/**
 * Registers somebody: with a seat where one is free and nobody waits, otherwise at the end of the event's line. A single
 * statement with snapshot and fact, so that a seat that comes free meanwhile makes nobody go round in circles.
 *
 * @returns as {@link TakePlace} says
 * @throws a violation of `registrations_active_key` if they have a place already; nothing has happened then
 */
export async function takePlace(
  db: Kysely<EventsDatabase>,
  { registration, eventVersion }: Seat,
): Promise<PlacedRegistration | undefined> {
  const { id, version, event_id: eventId, created_at: at } = registration
  const seated = { ...registration, status: registrationActions.register.to }
  const waiting = { ...registration, status: registrationActions.joinLine.to }
  const { rows } = await sql<{ isSeat: boolean; number: number; position: number }>`
    with place as (${takingPlace({ eventId, eventVersion, at })}), registered as (
      insert into registrations
        (id, version, event_id, attendee_id, status, source, event_title, event_start_at, schedule_version, ticket_key, created_at,
         waitlist_number)
      select ${id}, ${version}, id, ${registration.attendee_id}::uuid,
        case when is_seat then ${seated.status} else ${waiting.status} end, ${registration.source},
        ${registration.event_title}, ${registration.event_start_at}::timestamptz,
        ${registration.schedule_version}::bigint, ${registration.ticket_key}::int, ${at}::timestamptz,
        case when not is_seat then number end
      from place
    ), seat as (select from place where is_seat), line as (select from place where not is_seat), told_of_seat as (
      ${outboxInsert('seat', told(seated, 'register'))}
    ), told_of_line as (
      ${outboxInsert('line', told(waiting, 'joinLine'))}
    )
    select is_seat as "isSeat", number, position from place`.execute(db)
  const [place] = rows
  if (!place) return undefined
  if (place.isSeat) return { ...seated, waitlist_position: null }
  return { ...waiting, waitlist_number: Number(place.number), waitlist_position: place.position }
}

function told(registration: Registration, action: 'register' | 'joinLine'): NewOutboxRow[] {
  const { created_at: at, version: sequence } = registration
  const fact = message(registrationActions[action].fact, { data: registrationIds(registration), sequence, at })
  return outboxRows([registrationSnapshot(registration, at), fact])
}
