import { type Insertable, type Kysely, sql, type Transaction } from 'kysely'
import type { EventsDatabase, Registration } from '../database/tables.ts'

/** Both as they are now, locked until the transaction ends: the event's row first, as everywhere that needs both. */
export async function lockForCheckIn(tx: Transaction<EventsDatabase>, { eventId, registrationId }: Locked) {
  const event = await tx.selectFrom('events').selectAll().where('id', '=', eventId).forUpdate().executeTakeFirst()
  const registration = await tx
    .selectFrom('registrations')
    .selectAll()
    .where('id', '=', registrationId)
    .forUpdate()
    .executeTakeFirst()
  return event && registration && { event, registration }
}

interface Locked {
  eventId: string
  registrationId: string
}

export async function raiseCheckedIn(tx: Transaction<EventsDatabase>, eventId: string): Promise<void> {
  await tx
    .updateTable('events')
    .set({ checked_in_count: sql`checked_in_count + 1` })
    .where('id', '=', eventId)
    .execute()
}

/** Lets a person in once, whoever decided. @throws {NoResultError} when the row is no longer as it was decided on */
export function markCheckedIn(tx: Transaction<EventsDatabase>, id: string, now: Date): Promise<Registration> {
  return tx
    .updateTable('registrations')
    .set({ checked_in_at: now, version: sql`version + 1` })
    .where('id', '=', id)
    .where('status', '=', 'CONFIRMED')
    .where('checked_in_at', 'is', null)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function insertCheckIn(tx: Transaction<EventsDatabase>, checkIn: Insertable<EventsDatabase['check_ins']>) {
  await tx.insertInto('check_ins').values(checkIn).execute()
}

export function findCheckIn(db: Kysely<EventsDatabase>, registrationId: string) {
  return db.selectFrom('check_ins').selectAll().where('registration_id', '=', registrationId).executeTakeFirst()
}
