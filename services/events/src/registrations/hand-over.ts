import { appendToOutbox } from '@rollcall/outbox/append'
import { sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { registrationSnapshot } from './registration.ts'
import { type Registration, registrationColumns } from './tables.ts'

/**
 * Has a guest's registrations be an account's, and tells of it by their snapshots. Where the account holds a place at the
 * same event already, the guest's stays the guest's.
 *
 * @throws a violation of `registrations_active_key` when the account takes such a place at this moment: then try again
 */
export async function handOver(
  tx: Transaction<EventsDatabase>,
  { guestId, userId, now }: { guestId: string; userId: string; now: Date },
): Promise<void> {
  const handed: Registration[] = await tx
    .updateTable('registrations')
    .set({ attendee_id: userId, version: sql`version + 1` })
    .where('attendee_id', '=', guestId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('registrations as own')
            .select('own.id')
            .whereRef('own.event_id', '=', 'registrations.event_id')
            .where('own.attendee_id', '=', userId)
            .where('own.status', '<>', sql.lit('CANCELLED' as const)),
        ),
      ),
    )
    .returning(registrationColumns)
    .execute()
  await appendToOutbox(tx, ...handed.map((registration) => registrationSnapshot(registration, now)))
}
