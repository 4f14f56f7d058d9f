import { AuditRecorded } from '@rollcall/contracts/audit'
import type { DataOf } from '@rollcall/contracts/define'
import { message } from '@rollcall/contracts/message'
import { appendToOutbox } from '@rollcall/outbox/append'
import { sql, type Transaction, type Updateable } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { actionOf, type EventActionName, type EventActor, type eventActions, mayAct } from './event.ts'
import { eventSnapshot } from './event-snapshot.ts'
import { type Event, eventColumns } from './tables.ts'

type Told = 'eventId' | 'organizerId'

interface EventChange<Name extends EventActionName> {
  action: Name
  by: EventActor
  actorId: string
  /** As it was read, and locked. */
  event: Event
  changes?: Omit<Updateable<EventsDatabase['events']>, 'version' | 'edit' | 'status' | 'updated_at'>
  /** What the action's fact tells beside the ids that each tells. */
  data: Omit<DataOf<(typeof eventActions)[Name]['fact']>, Told>
  now: Date
}

/**
 * The one way to change an event: raises its version, and writes its snapshot, the action's fact and, where it is anybody
 * else's business as well, the entry of the audit log.
 *
 * @throws {TypeError} for what this actor may not do to the event: whoever calls has to have refused by then
 */
export async function changeEvent<Name extends EventActionName>(
  tx: Transaction<EventsDatabase>,
  { action, by, actorId, event, changes = {}, data, now }: EventChange<Name>,
): Promise<Event> {
  if (!mayAct(action, event, by)) throw new TypeError(`${action} by ${by} is not allowed for this event`)
  const { to, fact } = actionOf(action)
  const changed = await tx
    .updateTable('events')
    .set({ ...changes, status: to === 'same' ? event.status : to, updated_at: now })
    .set({ version: sql`version + 1`, ...(action === 'update' ? { edit: sql`edit + 1` } : {}) })
    .where('id', '=', event.id)
    .where('version', '=', event.version)
    .returning(eventColumns)
    .executeTakeFirstOrThrow()
  const told = { eventId: event.id, organizerId: event.organizer_id, ...data }
  const tellIt = message(fact, { data: told, sequence: changed.version, at: now })
  await appendToOutbox(tx, eventSnapshot(changed, now), tellIt)
  if (isAudited(action, event)) {
    const entry = { actorId, action, targetType: 'event', targetId: event.id, at: now.toISOString() }
    await appendToOutbox(tx, message(AuditRecorded, { data: entry, sequence: changed.version, at: now }))
  }
  return changed
}

/** Decisions, and edits and cancellations of what people may have signed up for already. */
function isAudited(action: EventActionName, { status }: Event): boolean {
  if (action === 'approve' || action === 'reject') return true
  return (action === 'update' || action === 'cancel') && status === 'PUBLISHED'
}
