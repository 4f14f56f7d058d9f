import type { Transact } from '@rollcall/outbox/transact'
import { type Clock, seconds } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import { type Periodic, startPeriodic } from '@rollcall/runtime/periodic'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { lockEvent } from '../events/queries.ts'
import { promote } from './promote.ts'
import { listPromotable } from './queries.ts'

export interface PromoteDeps {
  db: Kysely<EventsDatabase>
  transact: Transact<EventsDatabase>
  clock: Clock
  /** Of registrations that have a seat now. */
  requestTickets(registrationIds: string[]): Promise<void>
}

const EVERY_MS = seconds(1)

/**
 * Gives the seats that many people wait for, when many come free at once: by a raised capacity. What is left to do is what the
 * rows say, so that a process that dies between two parts leaves nothing undone and nobody promoted twice.
 */
export function startPromoting(deps: PromoteDeps & { log: Logger }): Periodic {
  return startPeriodic({ name: 'promote-waiting', everyMs: EVERY_MS, log: deps.log }, () => promoteWaiting(deps))
}

export async function promoteWaiting({ db, transact, clock, requestTickets }: PromoteDeps): Promise<void> {
  for (const id of await listPromotable(db, clock.now())) {
    for (;;) {
      const promoted = await transact(async (tx) => {
        const event = await lockEvent(tx, id)
        return event ? promote(tx, event, clock.now()) : []
      })
      if (promoted.length === 0) break
      await requestTickets(promoted)
    }
  }
}
