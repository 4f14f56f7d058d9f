import type { Scope } from '@rollcall/access/permissions'
import { message } from '@rollcall/contracts/message'
import { appendToOutbox } from '@rollcall/outbox/append'
import { newId } from '@rollcall/runtime/ids'
import type { Insertable, Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { eventActions } from './event.ts'
import { eventSnapshot } from './event-snapshot.ts'
import { type Event, eventColumns } from './tables.ts'

export interface NewEvent {
  row: Omit<Insertable<EventsDatabase['events']>, 'id' | 'version' | 'status' | 'created_at' | 'updated_at'>
  /** How far the permission of whoever makes it reaches: it decides the status that the event starts in. */
  scope: Scope
  now: Date
}

/** The one way to make an event, with its snapshot and the fact that its status asks for. */
export async function newEvent(tx: Transaction<EventsDatabase>, { row, scope, now }: NewEvent): Promise<Event> {
  const { to: status, fact } = eventActions[scope === 'own' ? 'propose' : 'publish']
  const made = { ...row, id: newId(), status, created_at: now, updated_at: now }
  const event = await tx.insertInto('events').values(made).returning(eventColumns).executeTakeFirstOrThrow()
  const data = { eventId: event.id, organizerId: event.organizer_id }
  await appendToOutbox(tx, eventSnapshot(event, now), message(fact, { data, sequence: event.version, at: now }))
  return event
}
