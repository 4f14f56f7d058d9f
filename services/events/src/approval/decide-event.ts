import type { Caller } from '@rollcall/access/caller'
import { seal } from '@rollcall/contracts/seal'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { JWK } from 'jose'
import type { EventsDatabase } from '../database/tables.ts'
import { changeEvent } from '../events/change-event.ts'
import { requireManaged } from '../events/require-managed.ts'
import type { Event } from '../events/tables.ts'

export interface DecideDeps {
  transact: Transact<EventsDatabase>
  clock: Clock
}

export interface RejectDeps extends DecideDeps {
  /** Seals the reason: free text may name people, and facts stay. */
  notificationsKey: JWK
}

interface Decision {
  eventId: string
  caller: Caller
}

/** Publishes an event that waits. @throws {DomainError} `EventNotFound`, `InvalidStatus` for one that does not wait */
export function approveEvent({ transact, clock }: DecideDeps, { eventId, caller }: Decision): Promise<Event> {
  return transact(async (tx) => {
    const { event, by } = await requireManaged(tx, { eventId, caller, action: 'approve' })
    const data = { approvedBy: caller.id }
    return changeEvent(tx, { action: 'approve', by, actorId: caller.id, event, data, now: clock.now() })
  })
}

/** Refuses an event that waits, and says why. @throws {DomainError} as {@link approveEvent} */
export async function rejectEvent(
  { transact, clock, notificationsKey }: RejectDeps,
  { eventId, caller, reason }: Decision & { reason: string },
): Promise<Event> {
  const sealed = await seal(notificationsKey, { reason })
  return transact(async (tx) => {
    const { event, by } = await requireManaged(tx, { eventId, caller, action: 'reject' })
    const [changes, data] = [{ rejection_reason: reason }, { rejectedBy: caller.id, sealed }]
    return changeEvent(tx, { action: 'reject', by, actorId: caller.id, event, changes, data, now: clock.now() })
  })
}

/** Has a refused event wait for a decision again. @throws {DomainError} `EventNotFound`, `Forbidden`, `InvalidStatus` */
export function submitEvent({ transact, clock }: DecideDeps, { eventId, caller }: Decision): Promise<Event> {
  return transact(async (tx) => {
    const { event, by } = await requireManaged(tx, { eventId, caller, action: 'submit' })
    const changes = { rejection_reason: null }
    return changeEvent(tx, { action: 'submit', by, actorId: caller.id, event, changes, data: {}, now: clock.now() })
  })
}
