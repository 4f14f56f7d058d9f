import type { Insertable, Kysely, Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { eventColumns } from '../events/tables.ts'
import { lockRegistration } from '../registrations/queries.ts'

/** Both as they are now, locked until the transaction ends: the event's row first, as everywhere that needs both. */
export async function lockForCheckIn(tx: Transaction<EventsDatabase>, { eventId, registrationId }: Locked) {
  const event = await tx
    .selectFrom('events')
    .select(eventColumns)
    .where('id', '=', eventId)
    .forUpdate()
    .executeTakeFirst()
  const registration = await lockRegistration(tx, registrationId)
  return event && registration && { event, registration }
}

interface Locked {
  eventId: string
  registrationId: string
}

export async function insertCheckIn(tx: Transaction<EventsDatabase>, checkIn: Insertable<EventsDatabase['check_ins']>) {
  await tx.insertInto('check_ins').values(checkIn).execute()
}

export function findCheckIn(db: Kysely<EventsDatabase>, registrationId: string) {
  return db
    .selectFrom('check_ins')
    .select(['id', 'at'])
    .where('registration_id', '=', registrationId)
    .executeTakeFirst()
}
