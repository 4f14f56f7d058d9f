import { expect, it } from 'vitest'
import { createProgressLog } from './progress-log.ts'

const at = (handled: number, end: number, partition = 0) => ({ topic: 'probe', partition, handled, end })

it('has caught up with the last time at which nothing waited', () => {
  const progress = createProgressLog(1000)
  expect(progress.caughtUpAt()).toBe(1000)
  progress.note([at(5, 5)], 2000)
  expect(progress.caughtUpAt()).toBe(2000)
  progress.note([at(5, 8)], 3000)
  expect(progress.caughtUpAt()).toBe(2000)
  expect(progress.lags().get('probe')).toEqual({ records: 3, since: 2000 })
})

it('keeps up under a steady stream, although it is never at the very end', () => {
  const progress = createProgressLog(0)
  for (let round = 1; round <= 10; round += 1) progress.note([at(round * 100 - 3, round * 100)], round * 1000)
  expect(progress.caughtUpAt()).toBe(9000)
})

it('is as far behind as its slowest partition', () => {
  const progress = createProgressLog(0)
  progress.note([at(5, 5), at(0, 7, 1)], 1000)
  progress.note([at(5, 5), at(2, 7, 1)], 2000)
  expect(progress.caughtUpAt()).toBe(0)
  progress.note([at(5, 5), at(7, 7, 1)], 3000)
  expect(progress.caughtUpAt()).toBe(3000)
})
