import { setTimeout as sleep } from 'node:timers/promises'
import { seconds } from '@rollcall/runtime/clock'

/** What the two threads know of each other: 32-bit numbers by these places, in memory that both see. */
const BUSY_PERCENT = 0
const TICKETS_LATE_MS = 1
const PLACES = 2

/** How busy a thread is that has nothing to spare: people wait for it. */
const TOO_BUSY_PERCENT = 80
const MEASURED_MS = 100
const LOOK_AGAIN_MS = 50

/** So long a ticket may be held up by requests. */
const HELD_UP_MS = seconds(5)
/** From here on tickets are late, and requests are held up by them: by a twentieth of what is above, a second at most. */
const LATE_MS = seconds(10)
const SHARE = 20
const LONGEST_HOLD_UP_MS = seconds(1)

/** How long a request waits for tickets that are late by so much, both in milliseconds. */
export function holdUpMs(ticketsLateMs: number): number {
  return Math.min(Math.max(0, ticketsLateMs - LATE_MS) / SHARE, LONGEST_HOLD_UP_MS)
}

/**
 * Who goes first, the thread that takes seats or the one that makes their tickets: they share what processors there are,
 * and a ticket costs more than a seat. In a rush the seats do; when it lasts so long that tickets get late, each seat
 * waits a little, so that the tickets keep up.
 */
export interface Turns {
  /** For the ticket thread. */
  shared: Int32Array
  /** To be awaited by whoever wants a seat. */
  letTicketsCatchUp(): Promise<void>
  stop(): void
}

export function createTurns(): Turns {
  const shared = new Int32Array(new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT))
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    Atomics.store(shared, BUSY_PERCENT, Math.round(100 * utilization))
    before = now
  }, MEASURED_MS)
  timer.unref()
  return {
    shared,
    async letTicketsCatchUp() {
      const wait = holdUpMs(Atomics.load(shared, TICKETS_LATE_MS))
      if (wait > 0) await sleep(wait)
    },
    stop: () => clearInterval(timer),
  }
}

/**
 * Waits while requests need the processors, and tells them how late the ticket is.
 *
 * @param addedAt when the ticket was asked for, in milliseconds since the epoch
 */
export async function letRequestsGoFirst(shared: Int32Array, addedAt: number): Promise<void> {
  const isBusy = () => Atomics.load(shared, BUSY_PERCENT) > TOO_BUSY_PERCENT
  while (isBusy() && Date.now() < addedAt + HELD_UP_MS) await sleep(LOOK_AGAIN_MS)
  Atomics.store(shared, TICKETS_LATE_MS, Date.now() - addedAt)
}
