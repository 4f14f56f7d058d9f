import { DomainError } from '@rollcall/http/errors'

/** Seconds after which who is refused comes back, at least and at most. */
const SOONEST = 2
const LATEST = 8
/** How many come back for each place that becomes free: enough to fill them all, as people don't come back evenly. */
const COMERS_PER_PLACE = 4

export interface Places {
  /** Does the work for so many at once. @throws {DomainError} `Busy` beyond, with when to come back */
  use<Result>(work: () => Promise<Result>): Promise<Result>
}

/**
 * Places for work that waits for a few workers. Who finds none is told to come back: the later the more are sent away for
 * each who is served, so that in a storm the refusals don't take the time of the work.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createPlaces(count: number, now: () => number = () => performance.now()): Places {
  let free = count
  let retryAfter = SOONEST
  let since = now()
  let served = 0
  let refused = 0

  /** Of those who wait outside about (served + refused) come in a second; told to wait as many times longer, fewer do. */
  function adjust(): void {
    if (now() - since < 1000) return
    const comersPerPlace = (served + refused) / Math.max(served, 1)
    retryAfter = Math.min(Math.max((retryAfter * comersPerPlace) / COMERS_PER_PLACE, SOONEST), LATEST)
    since = now()
    served = 0
    refused = 0
  }

  return {
    async use(work) {
      adjust()
      if (free === 0) {
        refused += 1
        const headers = { 'retry-after': String(Math.round(retryAfter)) }
        throw new DomainError('Busy', 'too many people are signing in right now', { headers })
      }
      free -= 1
      try {
        return await work()
      } finally {
        free += 1
        served += 1
      }
    },
  }
}
