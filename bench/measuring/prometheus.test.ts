import { expect, test } from 'vitest'
import { quantileOf, readSamples, stageCounts, sumOf } from './prometheus.ts'

const page = (counts: number[]) => `# HELP mail_stage_seconds Where mails wait
# TYPE mail_stage_seconds histogram
mail_stage_seconds_bucket{le="0.01",service="notifications",stage="dot"} ${counts[0]}
mail_stage_seconds_bucket{le="0.1",service="notifications",stage="dot"} ${counts[1]}
mail_stage_seconds_bucket{le="+Inf",service="notifications",stage="dot"} ${counts[2]}
nodejs_gc_duration_seconds_sum{kind="minor"} 0.25
nodejs_gc_duration_seconds_sum{kind="major"} 1.5e-1
up 1
`

test('reads names, labels and values', () => {
  const samples = readSamples(page([1, 2, 3]))
  expect(samples).toHaveLength(6)
  expect(samples[0]).toEqual({
    name: 'mail_stage_seconds_bucket',
    labels: { le: '0.01', service: 'notifications', stage: 'dot' },
    value: 1,
  })
  expect(samples.at(-1)).toEqual({ name: 'up', labels: {}, value: 1 })
  expect(sumOf(samples, 'nodejs_gc_duration_seconds_sum')).toBeCloseTo(0.4)
})

test('reckons quantiles of what was counted between two readings', () => {
  const stages = stageCounts(readSamples(page([10, 10, 10])), readSamples(page([60, 110, 110])))
  const counts = stages.get('dot') ?? new Map()
  expect(quantileOf(counts, 0.25)).toBeCloseTo(0.005)
  expect(quantileOf(counts, 0.75)).toBeCloseTo(0.055)
  expect(quantileOf(counts, 1)).toBeCloseTo(0.1)
})

test('has no quantile of nothing, and none beyond the last bound', () => {
  expect(quantileOf(new Map([[1, 0]]), 0.5)).toBeNaN()
  expect(
    quantileOf(
      new Map([
        [1, 0],
        [Number.POSITIVE_INFINITY, 5],
      ]),
      0.5,
    ),
  ).toBe(1)
})
