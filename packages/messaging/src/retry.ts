import { setTimeout as sleep } from 'node:timers/promises'

interface Trying {
  /** Whether it still makes sense to try: false ends it without a result. */
  active(): boolean
  /** Ends a pause at once. */
  signal: AbortSignal
  failed(error: unknown, attempt: number): void
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000

/**
 * Runs `work` until it succeeds, pausing longer each time. A database that is away must delay messages, never lose one.
 *
 * @returns whether it succeeded; false when it was no longer active
 */
export async function keepTrying(work: () => Promise<unknown>, { active, signal, failed }: Trying): Promise<boolean> {
  for (let attempt = 1; active(); attempt += 1) {
    try {
      await work()
      return true
    } catch (error) {
      failed(error, attempt)
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
    // Without the signal's reason: an ended pause is no failure.
    await sleep(pause, undefined, { signal }).catch(() => {})
  }
  return false
}
