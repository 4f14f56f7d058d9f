import type { Transact } from '@rollcall/outbox/transact'
import type { Checkpoint } from '@rollcall/runtime/checkpoint'
import { type Clock, seconds } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import { type Periodic, startPeriodic } from '@rollcall/runtime/periodic'
import type { JWK } from 'jose'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { lockEvent } from '../events/queries.ts'
import { listAnnouncing, lockUntold, markAnnounced } from './queries.ts'
import { tellOfCancellation } from './tell-of-cancellation.ts'
import { tellOfMove } from './tell-of-move.ts'

export interface AnnounceDeps {
  db: Kysely<EventsDatabase>
  transact: Transact<EventsDatabase>
  clock: Clock
  /** Seals what only mails may say. */
  notificationsKey: JWK
  checkpoint: Checkpoint
}

const EVERY_MS = seconds(1)

/** Each takes a statement: few enough that whoever wants the event's row meanwhile hardly waits. */
const MOST_AT_ONCE = 100

/**
 * Tells everybody who holds a place that their event is elsewhere, at another time, or not at all. Who has been told is what
 * the rows say, and each part commits with what it tells: a process that dies between two parts leaves nobody out, and
 * nobody is told twice.
 */
export function startAnnouncing(deps: AnnounceDeps & { log: Logger }): Periodic {
  return startPeriodic({ name: 'announce', everyMs: EVERY_MS, log: deps.log }, () => announce(deps))
}

export async function announce(deps: AnnounceDeps): Promise<void> {
  for (const id of await listAnnouncing(deps.db)) {
    while (await announcePart(deps, id)) await deps.checkpoint('announce-after-part')
  }
}

/** @returns whether there may be more to tell */
function announcePart({ transact, clock, notificationsKey }: AnnounceDeps, eventId: string): Promise<boolean> {
  return transact(async (tx) => {
    const event = await lockEvent(tx, eventId)
    if (!event?.announcing) return false
    // A seat is given under the lock of the event's row: whoever had one before it changed is among them.
    const untold = await lockUntold(tx, event, MOST_AT_ONCE)
    if (untold.length === 0) {
      await markAnnounced(tx, eventId)
      return false
    }
    const telling = { event, registrations: untold, notificationsKey, now: clock.now() }
    await (event.status === 'CANCELLED' ? tellOfCancellation(tx, telling) : tellOfMove(tx, telling))
    return true
  })
}
