import { expect, test } from 'vitest'
import type { OpenBench, Window } from './bench.ts'
import { measure } from './measure.ts'

/** A bench whose subject takes so many seconds for its 100 units, window by window; the last one again and again. */
function aBench(seconds: number[], changes: Partial<OpenBench> = {}): OpenBench & { order: string[] } {
  const order: string[] = []
  const left = [...seconds]
  const run = (name: string, take: () => number) => async (): Promise<Window> => {
    order.push(name)
    return { units: 100, seconds: take() }
  }
  const next = () => (left.length > 1 ? left.shift() : left[0]) ?? 1
  return {
    order,
    unit: 'thing',
    subject: { what: 'ours', run: run('subject', next) },
    baseline: { what: 'bare', run: run('baseline', () => 0.5) },
    aims: [],
    services: {},
    close: async () => {},
    ...changes,
  }
}

test('warms up until two windows agree, then alternates baseline and subject five times', async () => {
  const bench = aBench([4, 2, 1.05, 1])
  const { warmUp, sides, ratio } = await measure(bench, {})
  expect(warmUp).toEqual({ windows: 4, agreed: true })
  expect(bench.order).toEqual([
    'baseline',
    ...Array(4).fill('subject'),
    ...Array(5).fill(['baseline', 'subject']).flat(),
  ])
  expect(sides.subject.figures['rate']?.median).toBe(100)
  expect(sides.baseline?.figures['rate']?.median).toBe(200)
  expect(ratio).toEqual({ median: 0.5, minimum: 0.5, maximum: 0.5 })
})

test('says so when no two windows agree', async () => {
  const { warmUp } = await measure(aBench([1, 2, 4, 8, 16, 32, 64, 128]), {})
  expect(warmUp).toEqual({ windows: 8, agreed: false })
})

test('judges aims by the median, and by figures of the window’s own', async () => {
  const aims = [
    { figure: 'rate', atLeast: 90 },
    { figure: 'ratio', atLeast: 0.9 },
    { figure: 'oversold', atMost: 0 },
  ]
  const run = async () => ({ units: 100, seconds: 1, figures: { oversold: 0 } })
  const { aims: judged } = await measure(aBench([1], { aims, subject: { what: 'ours', run } }), {})
  expect(judged.map(({ value, reached }) => [value, reached])).toEqual([
    [100, true],
    [0.5, false],
    [0, true],
  ])
})

test('times the pieces where they are timed, and tells what a piece costs', async () => {
  const run = async () => {
    const ends = performance.now() + 50
    while (performance.now() < ends);
    return { units: 10, seconds: 1, times: Array.from({ length: 10 }, (_, index) => index) }
  }
  const { sides, processorMsPerUnit } = await measure(aBench([1], { subject: { what: 'ours', run } }), {})
  expect(sides.subject.figures).toMatchObject({ p50: { median: 5 }, p99: { median: 9 } })
  expect(processorMsPerUnit['load']).toBeGreaterThan(2)
})

test('gives the stages of what was measured, not of what was warmed up with', async () => {
  let count = 7
  const stages = async () => {
    const text = `x_stage_seconds_bucket{stage="read",le="0.1"} ${count}\nx_stage_seconds_bucket{stage="read",le="+Inf"} ${count}\n`
    count += 100
    return text
  }
  const { stages: told } = await measure(aBench([1], { stages }), {})
  expect(told?.['read']?.p50).toBeCloseTo(50)
})
