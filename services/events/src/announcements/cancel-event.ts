import type { Caller } from '@rollcall/access/caller'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { changeEvent } from '../events/change-event.ts'
import type { EventActor } from '../events/event.ts'
import { requireManaged } from '../events/require-managed.ts'
import type { Event } from '../events/tables.ts'

export interface CancelEventDeps {
  transact: Transact<EventsDatabase>
  clock: Clock
}

export interface CancelEvent {
  eventId: string
  caller: Caller
  /** For those who hold a place. */
  reason?: string | undefined
}

/**
 * Has an event not take place. Nobody registers from here on; places are taken and people told right after
 * (`announce.ts`).
 *
 * @throws {DomainError} `EventNotFound`, `Forbidden`, `InvalidStatus` for what is cancelled or over
 */
export function cancelEvent({ transact, clock }: CancelEventDeps, command: CancelEvent): Promise<Event> {
  return transact(async (tx) => {
    const managed = await requireManaged(tx, { ...command, action: 'cancel' })
    return cancelManaged(tx, { ...managed, ...command, now: clock.now() })
  })
}

interface Cancelling extends Omit<CancelEvent, 'eventId'> {
  /** Locked. */
  event: Event
  by: EventActor
  now: Date
}

/** As {@link cancelEvent}, of an event that is at hand. */
export function cancelManaged(
  tx: Transaction<EventsDatabase>,
  { event, by, caller, reason = undefined, now }: Cancelling,
): Promise<Event> {
  if (event.end_at <= now) throw new DomainError('InvalidStatus', 'the event is over')
  const told = { cancelled_by: caller.id, cancellation_reason: reason ?? null, announcing: true }
  const changes = { ...told, rejection_reason: null }
  const data = { actorId: caller.id }
  return changeEvent(tx, { action: 'cancel', by, actorId: caller.id, event, changes, data, now })
}
