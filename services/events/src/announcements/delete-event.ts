import type { Caller } from '@rollcall/access/caller'
import { mayAct } from '../events/event.ts'
import { lockEvent } from '../events/queries.ts'
import { removeEvent } from '../events/remove-event.ts'
import { requireManager } from '../events/require-managed.ts'
import type { Event } from '../events/tables.ts'
import { type CancelEventDeps, cancelManaged } from './cancel-event.ts'
import { hasRegistrations } from './queries.ts'

/**
 * Deletes an event. One for which anybody ever registered is cancelled instead: no ticket vanishes in silence. Of one that
 * is cancelled already, nothing changes.
 *
 * @returns the cancelled event; undefined where it is gone
 * @throws {DomainError} `EventNotFound`, `Forbidden`; `InvalidStatus` for one that is over and had people register
 */
export function deleteEvent(
  { transact, clock }: CancelEventDeps,
  { eventId, caller }: { eventId: string; caller: Caller },
): Promise<Event | undefined> {
  return transact(async (tx) => {
    const now = clock.now()
    const { event, by } = requireManager(await lockEvent(tx, eventId), caller)
    if (await hasRegistrations(tx, eventId)) {
      return mayAct('cancel', event, by) ? cancelManaged(tx, { event, by, caller, now }) : event
    }
    await removeEvent(tx, { event, actorId: caller.id, now })
    return undefined
  })
}
