import { EventDeleted, EventSnapshot } from '@rollcall/contracts/events'
import { message, tombstone } from '@rollcall/contracts/message'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Event } from './tables.ts'

/**
 * The one way to let go of an event, which is locked, with the tombstone of its snapshot and its last fact.
 *
 * @throws a violation of `registrations_event_id_fkey` if anybody ever registered for it: whoever calls has to have looked
 */
export async function removeEvent(
  tx: Transaction<EventsDatabase>,
  { event, actorId, now }: { event: Event; actorId: string; now: Date },
): Promise<void> {
  await tx.deleteFrom('events').where('id', '=', event.id).execute()
  const told = { sequence: event.version + 1, at: now }
  const data = { eventId: event.id, organizerId: event.organizer_id, actorId }
  await appendToOutbox(
    tx,
    tombstone(EventSnapshot, { id: event.id, ...told }),
    message(EventDeleted, { data, ...told }),
  )
}
