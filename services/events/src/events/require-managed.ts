import type { Caller } from '@rollcall/access/caller'
import { DomainError } from '@rollcall/http/errors'
import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { actorOf, type EventActionName, type EventActor, EventNotFound, isVisible, mayAct } from './event.ts'
import { lockEvent } from './queries.ts'
import type { Event } from './tables.ts'

interface Wanted {
  eventId: string
  caller: Caller
  action: EventActionName
}

/**
 * The event, locked, for somebody who may do this to it now.
 *
 * @throws {DomainError} `EventNotFound`, also where it does not exist for them; `Forbidden` for somebody else's; `InvalidStatus`
 */
export async function requireManaged(
  tx: Transaction<EventsDatabase>,
  { eventId, caller, action }: Wanted,
): Promise<{ event: Event; by: EventActor }> {
  const { event, by } = requireManager(await lockEvent(tx, eventId), caller)
  if (!mayAct(action, event, by)) throw new DomainError('InvalidStatus', `the event is ${event.status}`)
  return { event, by }
}

/**
 * An event, and as whom somebody manages it.
 *
 * @throws {DomainError} `EventNotFound`, also where it does not exist for them; `Forbidden` for somebody else's
 */
export function requireManager(found: Event | undefined, caller: Caller): { event: Event; by: EventActor } {
  if (!found || !isVisible(found, caller)) throw new EventNotFound()
  const by = actorOf(found, caller)
  if (!by) throw new DomainError('Forbidden', 'this is somebody else’s event')
  return { event: found, by }
}
