import type { DataOf } from '@rollcall/contracts/define'
import { message } from '@rollcall/contracts/message'
import { appendToOutbox } from '@rollcall/outbox/append'
import { sql, type Transaction } from 'kysely'
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

type ActionName = Exclude<keyof typeof registrationActions, 'register'>

interface RegistrationChange<Name extends ActionName> {
  action: Name
  by: Actor
  /** As it is now, its row locked by this transaction. */
  registration: Registration
  /** What the action's fact tells beside the ids that each tells. */
  data: Omit<DataOf<(typeof registrationActions)[Name]['fact']>, keyof ReturnType<typeof registrationIds>>
  now: Date
}

/**
 * The one way to change a registration: raises its version, and writes its snapshot and the action's fact. (Taking a seat
 * makes one, in a single statement: `take-seat.ts`.)
 *
 * @throws {TypeError} for what this actor may not do to the registration: whoever calls has to have refused by then
 */
export async function changeRegistration<Name extends ActionName>(
  tx: Transaction<EventsDatabase>,
  { action, by, registration, data, now }: RegistrationChange<Name>,
): Promise<Registration> {
  const { to, once, fact } = actionOf(action)
  if (!mayAct(action, registration, by)) throw new TypeError(`${action} by ${by} is not allowed for this registration`)
  const changed = await tx
    .updateTable('registrations')
    .set({ status: to, version: sql`version + 1`, ...(once ? { [once]: now } : {}) })
    .where('id', '=', registration.id)
    .where('version', '=', registration.version)
    .returningAll()
    .executeTakeFirstOrThrow()
  const told = { ...registrationIds(changed), ...data }
  const tellIt = message(fact, { data: told, sequence: changed.version, at: now })
  await appendToOutbox(tx, registrationSnapshot(changed, now), tellIt)
  return changed
}
