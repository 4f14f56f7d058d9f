import { message } from '@rollcall/contracts/message'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { registrationActions, registrationIds, registrationSnapshot } from './registration.ts'
import type { Registration } from './tables.ts'

/**
 * Stores the registration of somebody who came to the door without one, with its snapshot and fact. The event has to be
 * locked, and its counters raised by whoever calls.
 *
 * @throws a violation of `registrations_active_key` if they have a place already
 */
export async function storeWalkIn(tx: Transaction<EventsDatabase>, registration: Registration): Promise<void> {
  await tx.insertInto('registrations').values(registration).execute()
  const { created_at: at, version: sequence } = registration
  const fact = message(registrationActions.walkIn.fact, { data: registrationIds(registration), sequence, at })
  await appendToOutbox(tx, registrationSnapshot(registration, at), fact)
}
