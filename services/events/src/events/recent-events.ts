import { seconds } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { EventsDatabase } from '../database/tables.ts'
import { findEventRow } from './queries.ts'
import type { Event } from './tables.ts'

const KEPT_MS = seconds(2)
const MOST_KEPT = 1000

/**
 * Rows of events for those who find out by `version` whether one is out of date: many people ask for a sought-after event
 * at a time, and its row says the same to all of them.
 */
export interface RecentEvents {
  /** As it was within the last two seconds. */
  find(id: string): Promise<Event | undefined>
  /** As it is. */
  read(id: string): Promise<Event | undefined>
}

export function createRecentEvents(db: Kysely<EventsDatabase>): RecentEvents {
  const kept = new LRUCache<string, Event>({ max: MOST_KEPT, ttl: KEPT_MS })
  async function read(id: string) {
    const event = await findEventRow(db, id)
    // One that does not exist yet may exist in a moment.
    if (event) kept.set(id, event)
    else kept.delete(id)
    return event
  }
  return { read, find: async (id) => kept.get(id) ?? read(id) }
}
