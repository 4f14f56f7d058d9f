import type { Clock } from '@rollcall/runtime/clock'

export interface MovedClock extends Clock {
  /** Moves the time on, in milliseconds. */
  advance(milliseconds: number): void
}

/** Goes as time does, ahead of it by what a test has moved it. */
export function aClock(): MovedClock {
  let ahead = 0
  return {
    now: () => new Date(Date.now() + ahead),
    advance(milliseconds) {
      ahead += milliseconds
    },
  }
}
