import { setTimeout as sleep } from 'node:timers/promises'
import { hours, seconds } from './clock.ts'
import type { Logger } from './logger.ts'
import { type Periodic, startPeriodic } from './periodic.ts'

/** Removes at most `limit` rows that have had their time, and gives how many they were. */
export type RemoveSome = (limit: number) => Promise<number>

interface CleanUpOptions {
  name: string
  log: Logger
  /** Milliseconds within which the first round begins. Default: a minute. */
  firstWithinMs?: number
  /** Milliseconds between rounds. Default: an hour. */
  everyMs?: number
}

/** A statement that removes more holds its locks, and the garbage collector of the database, for too long. */
export const CLEAN_UP_CHUNK = 1000
const PAUSE_MS = 50

/**
 * Removes what has had its time, hourly, in chunks. The first round comes soon, as many a process lives for less than an
 * hour, and at a random moment, as processes start together.
 */
export function startCleanUp(options: CleanUpOptions, removeSome: RemoveSome): Periodic {
  const { name, log, firstWithinMs = seconds(60), everyMs = hours(1) } = options
  const firstAfterMs = Math.ceil(Math.random() * firstWithinMs)
  let stopped = false
  const periodic = startPeriodic({ name, everyMs, firstAfterMs, log }, async () => {
    let removed = CLEAN_UP_CHUNK
    while (removed === CLEAN_UP_CHUNK && !stopped) {
      removed = await removeSome(CLEAN_UP_CHUNK)
      if (removed === CLEAN_UP_CHUNK) await sleep(PAUSE_MS)
    }
  })
  return {
    stop() {
      stopped = true
      return periodic.stop()
    },
  }
}
