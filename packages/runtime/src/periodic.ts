import type { Logger } from './logger.ts'

interface PeriodicOptions {
  /** What it does, for the log line of a round that failed. */
  name: string
  everyMs: number
  log: Logger
}

export interface Periodic {
  /** Waits for a round in hand. */
  stop(): Promise<void>
}

/** Repeats work that may fail: the next round makes up for it. Rounds never overlap. */
export function startPeriodic({ name, everyMs, log }: PeriodicOptions, work: () => Promise<unknown>): Periodic {
  let round: Promise<void> | undefined
  async function run() {
    try {
      await work()
    } catch (error) {
      log.warn({ err: error, work: name }, 'a round of periodic work failed')
    } finally {
      round = undefined
    }
  }
  const timer = setInterval(() => {
    round ??= run()
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await round
    },
  }
}
