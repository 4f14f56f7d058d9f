import { setTimeout as sleep } from 'node:timers/promises'

interface Trying {
  /** Whether it still makes sense to try: false ends it without a result. */
  active(): boolean
  /** Ends a pause at once. */
  signal: AbortSignal
  /** Hears of every failure; true gives up. */
  failed(error: unknown, attempt: number): boolean
}

export type Outcome = { kind: 'done' } | { kind: 'left' } | { kind: 'gave-up'; error: unknown }

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000

/** Runs `work` until it succeeds, pausing longer each time; until it is no longer active, or `failed` gives up. */
export async function keepTrying(work: () => Promise<unknown>, { active, signal, failed }: Trying): Promise<Outcome> {
  for (let attempt = 1; active(); attempt += 1) {
    try {
      await work()
      return { kind: 'done' }
    } catch (error) {
      if (failed(error, attempt)) return { kind: 'gave-up', error }
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
    // Without the signal's reason: an ended pause is no failure.
    await sleep(pause, undefined, { signal }).catch(() => {})
  }
  return { kind: 'left' }
}
