import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from './logger.ts'

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 2000
const REPORT_EVERY_MS = 10_000

interface WaitOptions {
  log: Logger
  signal?: AbortSignal
}

/**
 * Waits until `attempt` succeeds, and gives what it gave: an engine that is away at start is waited for, because a crash
 * loop helps nobody. The first failure is reported, then one line every 10 s.
 *
 * @throws {AbortError} when `signal` ends the wait.
 */
export async function waitFor<Result>(
  engine: string,
  attempt: () => Promise<Result>,
  { log, signal }: WaitOptions,
): Promise<Result> {
  const startedAt = Date.now()
  let reportedAt = 0
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      const result = await attempt()
      if (reportedAt > 0) log.info({ engine, waitedMs: Date.now() - startedAt }, `${engine} is there`)
      return result
    } catch (error) {
      signal?.throwIfAborted()
      if (Date.now() - reportedAt >= REPORT_EVERY_MS) {
        reportedAt = Date.now()
        const reason = error instanceof Error ? error.message || error.name : String(error)
        log.warn({ engine, reason, waitedMs: reportedAt - startedAt }, `waiting for ${engine}`)
      }
      await sleep(pause, undefined, signal ? { signal } : {})
    }
  }
}
