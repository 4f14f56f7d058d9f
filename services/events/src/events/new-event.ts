import type { Scope } from '@rollcall/access/permissions'
import { EventSnapshot } from '@rollcall/contracts/events'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { appendToOutbox } from '@rollcall/outbox/append'
import { newId } from '@rollcall/runtime/ids'
import type { Insertable, Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { eventTransitions } from './event.ts'
import { type Event, eventColumns } from './tables.ts'

export interface NewEvent {
  row: Omit<Insertable<EventsDatabase['events']>, 'id' | 'version' | 'status' | 'created_at' | 'updated_at'>
  /** How far the permission of whoever makes it reaches: it decides the status that the event starts in. */
  scope: Scope
  now: Date
}

/** The one way to make an event, with its snapshot and the fact that its status asks for. */
export async function newEvent(tx: Transaction<EventsDatabase>, { row, scope, now }: NewEvent): Promise<Event> {
  const { to: status, fact } = eventTransitions.create[scope]
  const made = { ...row, id: newId(), status, created_at: now, updated_at: now }
  const event = await tx.insertInto('events').values(made).returning(eventColumns).executeTakeFirstOrThrow()
  const data = { eventId: event.id, organizerId: event.organizer_id }
  await appendToOutbox(tx, snapshotOf(event, now), message(fact, { data, sequence: event.version, at: now }))
  return event
}

function snapshotOf(event: Event, at: Date): OutgoingMessage {
  const data = {
    eventId: event.id,
    title: event.title,
    description: event.description,
    startAt: event.start_at.toISOString(),
    endAt: event.end_at.toISOString(),
    timeZone: event.time_zone,
    location: event.location,
    onlineUrl: event.online_url,
    capacity: event.capacity,
    category: event.category,
    tags: event.tags,
    visibility: event.visibility,
    status: event.status,
    organizerId: event.organizer_id,
    checkInOpensMinutes: event.check_in_opens_minutes,
  }
  return message(EventSnapshot, { data, sequence: event.version, at })
}
