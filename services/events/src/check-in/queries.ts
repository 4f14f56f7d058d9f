import { type Insertable, type Kysely, sql, type Transaction } from 'kysely'
import type { EventsDatabase, Registration } from '../database/tables.ts'

/** Takes the event's row first, as every transaction here does that needs both. */
export async function lockEvent(tx: Transaction<EventsDatabase>, eventId: string): Promise<void> {
  await tx.selectFrom('events').select('id').where('id', '=', eventId).forUpdate().execute()
}

export async function raiseCheckedIn(tx: Transaction<EventsDatabase>, eventId: string): Promise<void> {
  await tx
    .updateTable('events')
    .set({ checked_in_count: sql`checked_in_count + 1` })
    .where('id', '=', eventId)
    .execute()
}

/** Lets a person in once: of many gates at once, one gets the row. */
export function markCheckedIn(
  tx: Transaction<EventsDatabase>,
  id: string,
  now: Date,
): Promise<Registration | undefined> {
  return tx
    .updateTable('registrations')
    .set({ checked_in_at: now, version: sql`version + 1` })
    .where('id', '=', id)
    .where('status', '=', 'CONFIRMED')
    .where('checked_in_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

export async function insertCheckIn(tx: Transaction<EventsDatabase>, checkIn: Insertable<EventsDatabase['check_ins']>) {
  await tx.insertInto('check_ins').values(checkIn).execute()
}

export function findCheckIn(db: Kysely<EventsDatabase>, registrationId: string) {
  return db.selectFrom('check_ins').selectAll().where('registration_id', '=', registrationId).executeTakeFirst()
}
