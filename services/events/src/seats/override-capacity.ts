import { AuditRecorded } from '@rollcall/contracts/audit'
import { message } from '@rollcall/contracts/message'
import { appendToOutbox } from '@rollcall/outbox/append'
import { sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Event } from '../events/tables.ts'

/** Makes one seat above the capacity of a full event, which is locked, and leaves an entry in the audit log. */
export async function overrideCapacity(
  tx: Transaction<EventsDatabase>,
  { event, actorId, now }: { event: Event; actorId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('events')
    .set({ extra_seats: sql`greatest(extra_seats, seats_taken + 1 - capacity)` })
    .where('id', '=', event.id)
    .execute()
  const entry = { actorId, action: 'override-capacity', targetType: 'event', targetId: event.id, at: now.toISOString() }
  await appendToOutbox(tx, message(AuditRecorded, { data: entry, sequence: event.version, at: now }))
}
