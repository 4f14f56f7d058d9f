import type { DataOf } from '@rollcall/contracts/define'
import { message } from '@rollcall/contracts/message'
import { outboxInsert, outboxRows } from '@rollcall/outbox/append'
import { type Kysely, sql } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import {
  type Actor,
  actionOf,
  mayAct,
  type registrationActions,
  registrationIds,
  registrationSnapshot,
} from './registration.ts'
import type { Registration } from './tables.ts'

type ActionName = Exclude<keyof typeof registrationActions, 'register' | 'joinLine' | 'walkIn'>

type Changeable = 'event_title' | 'event_start_at' | 'schedule_version' | 'cancel_reason' | 'checked_in_at'

interface RegistrationChange<Name extends ActionName> {
  action: Name
  by: Actor
  /** As it was read. */
  registration: Registration
  /** What the action's fact tells beside the ids that each tells. */
  data: Omit<DataOf<(typeof registrationActions)[Name]['fact']>, keyof ReturnType<typeof registrationIds>>
  /** What else is another. */
  changes?: Partial<Pick<Registration, Changeable>>
  now: Date
}

/**
 * The one way to change a registration: raises its version, and writes its snapshot and the action's fact, in a single
 * statement. (Taking a seat, joining the line and walking in make one: `take-seat.ts`, `take-place.ts`, `store-walk-in.ts`.)
 *
 * @returns undefined when somebody else has changed it since it was read: then nothing has happened
 * @throws {TypeError} for what this actor may not do to the registration: whoever calls has to have refused by then
 */
export async function changeRegistration<Name extends ActionName>(
  db: Kysely<EventsDatabase>,
  { action, by, registration, data, changes = {}, now }: RegistrationChange<Name>,
): Promise<Registration | undefined> {
  const { to, once, fact } = actionOf(action)
  if (!mayAct(action, registration, by)) throw new TypeError(`${action} by ${by} is not allowed for this registration`)
  const status = to === 'same' ? registration.status : to
  const changed: Registration = { ...registration, ...changes, status, version: registration.version + 1 }
  if (status !== 'WAITLISTED') changed.waitlist_number = null
  if (once) changed[once] = now
  const told = { ...registrationIds(changed), ...data }
  const tellIt = message(fact, { data: told, sequence: changed.version, at: now })
  const { rows } = await sql`
    with changed as (
      update registrations set status = ${changed.status}, version = ${changed.version},
        ticket_issued_at = ${changed.ticket_issued_at}, checked_in_at = ${changed.checked_in_at},
        cancelled_at = ${changed.cancelled_at}, cancel_reason = ${changed.cancel_reason},
        waitlist_number = ${changed.waitlist_number}, event_title = ${changed.event_title},
        event_start_at = ${changed.event_start_at}, schedule_version = ${changed.schedule_version}
      where id = ${registration.id} and version = ${registration.version}
      returning id
    ), told as (
      ${outboxInsert('changed', outboxRows([registrationSnapshot(changed, now), tellIt]))}
    )
    select id from changed`.execute(db)
  return rows.length === 1 ? changed : undefined
}
