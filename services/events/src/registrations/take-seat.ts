import { message } from '@rollcall/contracts/message'
import { outboxInsert, outboxRows } from '@rollcall/outbox/append'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { registrationActions, registrationIds, registrationSnapshot } from './registration.ts'
import type { Registration } from './tables.ts'

interface Seat {
  registration: Registration
  /** The event's version that the registration's title and start come from. */
  eventVersion: number
}

/**
 * The one way to make a registration: takes a seat, stores the registration, its snapshot and its fact, in a single
 * statement. The event's row is locked for one round trip, which is what bounds how fast a sought-after event can be sold.
 *
 * @returns whether a seat was taken; false when none was left or the event has changed meanwhile
 * @throws a violation of `registrations_active_key` for somebody who has a seat already; nothing is taken then
 */
export async function takeSeat(db: Kysely<EventsDatabase>, { registration, eventVersion }: Seat): Promise<boolean> {
  const { created_at: now, version: sequence } = registration
  const fact = message(registrationActions.register.fact, { data: registrationIds(registration), sequence, at: now })
  const told = [registrationSnapshot(registration, now), fact]
  const { rows } = await sql`
    with seat as (
      update events set seats_taken = seats_taken + 1
      where id = ${registration.event_id} and version = ${eventVersion}
        and status = 'PUBLISHED' and start_at > ${now} and seats_taken < capacity
      returning id
    ), taken as (
      insert into registrations
        (id, version, event_id, attendee_id, status, source, event_title, event_start_at, created_at)
      select ${registration.id}, ${registration.version}, id, ${registration.attendee_id}, ${registration.status},
        ${registration.source}, ${registration.event_title}, ${registration.event_start_at}, ${now}
      from seat
      returning id
    ), told as (
      ${outboxInsert('taken', outboxRows(told))}
    )
    select id from taken`.execute(db)
  return rows.length === 1
}
