import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTurns, holdUpMs, letRequestsGoFirst, type Turns } from './turns.ts'

let turns: Turns

beforeEach(() => {
  turns = createTurns()
})
afterEach(() => turns.stop())

/** Nothing else runs on this thread meanwhile. */
function work(milliseconds: number): void {
  const ends = performance.now() + milliseconds
  while (performance.now() < ends);
}

/** Until the share of the last tenth of a second has been measured. */
async function measured() {
  await sleep(0)
}

describe('a ticket', () => {
  test('waits while its requests keep the thread busy, and goes on when they don’t', async () => {
    work(150)
    await measured()
    let goesOn = false
    const waiting = letRequestsGoFirst(turns.shared, Date.now()).then(() => {
      goesOn = true
    })
    work(110)
    await measured()
    expect(goesOn).toBe(false)
    await waiting
  })

  test('that has waited for five seconds waits no longer', async () => {
    work(150)
    await measured()
    const startedAt = performance.now()
    await letRequestsGoFirst(turns.shared, Date.now() - 5000)
    expect(performance.now() - startedAt).toBeLessThan(40)
  })
})

describe('a request for a seat', () => {
  const waits = async () => {
    const startedAt = performance.now()
    await turns.letTicketsCatchUp()
    return performance.now() - startedAt
  }

  test('does not wait for tickets that are in time', async () => {
    await letRequestsGoFirst(turns.shared, Date.now() - 9000)
    expect(await waits()).toBeLessThan(40)
  })

  test('waits a little for tickets that are late, until they have caught up', async () => {
    await letRequestsGoFirst(turns.shared, Date.now() - 14_000)
    expect(await waits()).toBeGreaterThan(190)
    await letRequestsGoFirst(turns.shared, Date.now() - 1000)
    expect(await waits()).toBeLessThan(40)
  })

  test.each([
    [0, 0],
    [10_000, 0],
    [20_000, 500],
    [3_600_000, 1000],
  ])('waits for tickets that are %i ms late for %i ms', (late, wait) => {
    expect(holdUpMs(late)).toBe(wait)
  })
})
