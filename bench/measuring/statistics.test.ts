import { expect, test } from 'vitest'
import { agree, percentile, spreadOf } from './statistics.ts'

test('gives the value below which a share of them are', () => {
  const values = Array.from({ length: 100 }, (_, index) => 99 - index)
  expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([0, 50, 99, 99])
  expect(percentile([], 0.5)).toBeNaN()
})

test('gives the median with its extremes', () => {
  expect(spreadOf([5, 1, 9, 2, 3])).toEqual({ median: 3, minimum: 1, maximum: 9 })
})

test('says whether two windows agree, whichever was the quicker', () => {
  expect(agree(100, 91, 0.1)).toBe(true)
  expect(agree(91, 100, 0.1)).toBe(true)
  expect(agree(100, 89, 0.1)).toBe(false)
})
