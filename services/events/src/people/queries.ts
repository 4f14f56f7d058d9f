import type { AccessTables } from '@rollcall/access/tables'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { type Attendee, attendeeColumns, toAttendee } from './attendee.ts'

/** A user's public name; null while their snapshot has not come yet. */
export async function findNickname<Tables extends AccessTables>(
  db: Kysely<Tables>,
  userId: string,
): Promise<string | null> {
  // Kysely<T> is invariant in T; the constraint above already proves that the table exists.
  const known = db as unknown as Kysely<AccessTables>
  const user = await known.selectFrom('known_users').select('nickname').where('id', '=', userId).executeTakeFirst()
  return user?.nickname ?? null
}

/** Who holds a place, for whoever manages its event. */
export async function findAttendee(db: Kysely<EventsDatabase>, id: string): Promise<Attendee> {
  const row = await db
    .selectFrom(sql<{ attendee_id: string }>`(select ${id}::uuid as attendee_id)`.as('wanted'))
    .leftJoin('people', 'people.id', 'wanted.attendee_id')
    .leftJoin('guests', 'guests.id', 'wanted.attendee_id')
    .select(['wanted.attendee_id', ...attendeeColumns])
    .executeTakeFirstOrThrow()
  return toAttendee(row)
}

/**
 * Holds an address until the transaction ends: whoever makes a guest of it, and whoever hears that an account has proven it,
 * come one after the other.
 */
export async function lockAddress(tx: Transaction<EventsDatabase>, emailKey: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`guest ${emailKey}`}, 0))`.execute(tx)
}

/** The account that has proven an address. */
export function findPersonByEmail(tx: Transaction<EventsDatabase>, emailKey: string) {
  return tx
    .selectFrom('people')
    .select('id')
    .where('email_key', '=', emailKey)
    .where('email_verified', '=', sql.lit(true))
    .where('erased', '=', sql.lit(false))
    .orderBy('sequence', 'desc')
    .executeTakeFirst()
}

export function findGuestByEmail(tx: Transaction<EventsDatabase>, emailKey: string) {
  return tx.selectFrom('guests').select('id').where('email_key', '=', emailKey).executeTakeFirst()
}

export async function insertGuest(
  tx: Transaction<EventsDatabase>,
  guest: { id: string; email: string; email_key: string; name: string | null; created_at: Date },
): Promise<void> {
  await tx.insertInto('guests').values(guest).execute()
}

/** Forgets who guests were that have become these accounts. */
export async function eraseGuestsOf(db: Kysely<EventsDatabase>, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return
  const nobody = { email: null, email_key: null, name: null }
  await db.updateTable('guests').set(nobody).where('user_id', 'in', userIds).execute()
}

export async function markLinked(tx: Transaction<EventsDatabase>, guestId: string, userId: string): Promise<void> {
  await tx.updateTable('guests').set({ user_id: userId }).where('id', '=', guestId).execute()
}
