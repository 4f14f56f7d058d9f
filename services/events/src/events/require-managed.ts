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
  const event = await lockEvent(tx, eventId)
  if (!event || !isVisible(event, caller)) throw new EventNotFound()
  const by = actorOf(event, caller)
  if (!by) throw new DomainError('Forbidden', 'this is somebody else’s event')
  if (!mayAct(action, event, by)) throw new DomainError('InvalidStatus', `the event is ${event.status}`)
  return { event, by }
}
