import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from './logger.ts'

interface PeriodicOptions {
  /** What it does, for the log line of a round that failed. */
  name: string
  /** Pause between two rounds, in milliseconds. */
  everyMs: number
  /** Pause before the first one, in milliseconds. Default: `everyMs`. */
  firstAfterMs?: number
  log: Logger
}

export interface Periodic {
  /** Waits for a round in hand. */
  stop(): Promise<void>
}

/** Repeats work that may fail: the next round makes up for it. Rounds never overlap. */
export function startPeriodic(
  { name, everyMs, firstAfterMs = everyMs, log }: PeriodicOptions,
  work: () => unknown,
): Periodic {
  const stopping = new AbortController()
  const { signal } = stopping

  async function repeat() {
    for (let pause = firstAfterMs; !signal.aborted; pause = everyMs) {
      await sleep(pause, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      try {
        await work()
      } catch (error) {
        log.warn({ err: error, work: name }, 'a round of periodic work failed')
      }
    }
  }

  const running = repeat()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
