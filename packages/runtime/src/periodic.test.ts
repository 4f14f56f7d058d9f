import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { CLEAN_UP_CHUNK, startCleanUp } from './clean-up.ts'
import { createLogger } from './logger.ts'
import { type Periodic, startPeriodic } from './periodic.ts'

const log = createLogger({ service: 'test', level: 'silent' })
let started: Periodic[] = []

afterEach(async () => {
  await Promise.all(started.map((it) => it.stop()))
  started = []
})

function every(everyMs: number, work: () => unknown): Periodic {
  const periodic = startPeriodic({ name: 'test', everyMs, log }, work)
  started.push(periodic)
  return periodic
}

it('goes on after work that throws before it has waited for anything', async () => {
  let rounds = 0
  every(5, () => {
    rounds += 1
    throw new Error('not this time')
  })
  await expect.poll(() => rounds).toBeGreaterThan(2)
})

it('never runs two rounds at once, and waits for the one in hand when it stops', async () => {
  let running = 0
  let most = 0
  let ended = 0
  const periodic = every(1, async () => {
    running += 1
    most = Math.max(most, running)
    await sleep(20)
    running -= 1
    ended += 1
  })
  await expect.poll(() => ended).toBeGreaterThan(2)
  await periodic.stop()
  expect([running, most]).toEqual([0, 1])
})

it('stops at once while it waits for its next round', async () => {
  const periodic = every(60_000, () => {})
  const startedAt = performance.now()
  await periodic.stop()
  expect(performance.now() - startedAt).toBeLessThan(5000)
})

it('cleans up soon after the start, in chunks, until nothing is left', async () => {
  let left = 2 * CLEAN_UP_CHUNK + 7
  const chunks: number[] = []
  const options = { name: 'test', log, firstWithinMs: 20 }
  const removeSome = async (limit: number) => {
    const removed = Math.min(limit, left)
    left -= removed
    chunks.push(removed)
    return removed
  }
  started.push(startCleanUp(options, removeSome))
  await expect.poll(() => chunks).toEqual([CLEAN_UP_CHUNK, CLEAN_UP_CHUNK, 7])
})
