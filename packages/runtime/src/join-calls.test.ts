import { expect, test } from 'vitest'
import { joinCalls } from './join-calls.ts'

/** Answers each item with itself, when it is let go. */
function heldRuns() {
  const runs: { items: number[]; end(outs?: (number | Error)[]): void; fail(error: Error): void }[] = []
  const run = (items: number[]) =>
    new Promise<(number | Error)[]>((resolve, reject) => {
      runs.push({ items, end: (outs = items) => resolve(outs), fail: reject })
    })
  return { runs, run }
}

/** Until all that is ready to run has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('sends the first call at once, and those that come meanwhile together behind it', async () => {
  const { runs, run } = heldRuns()
  const call = joinCalls(run, { most: 50 })
  const answers = Promise.all([call(1), call(2), call(3)])
  expect(runs.map(({ items }) => items)).toEqual([[1]])
  runs[0]?.end()
  await settled()
  expect(runs.map(({ items }) => items)).toEqual([[1], [2, 3]])
  runs[1]?.end()
  expect(await answers).toEqual([1, 2, 3])
})

test('joins no more than it is told, and has no more under way', async () => {
  const { runs, run } = heldRuns()
  const call = joinCalls(run, { most: 2, atOnce: 2 })
  const answers = Promise.all([1, 2, 3, 4, 5].map(call))
  expect(runs.map(({ items }) => items)).toEqual([[1], [2]])
  runs[1]?.end()
  await settled()
  expect(runs.map(({ items }) => items)).toEqual([[1], [2], [3, 4]])
  runs[0]?.end()
  runs[2]?.end()
  await settled()
  runs[3]?.end()
  expect(await answers).toEqual([1, 2, 3, 4, 5])
})

test('throws an error among the answers to its own caller alone', async () => {
  const { runs, run } = heldRuns()
  const call = joinCalls(run, { most: 50 })
  const answers = Promise.allSettled([call(1), call(2), call(3)])
  runs[0]?.end()
  await settled()
  const refusal = new Error('not you')
  runs[1]?.end([refusal, 3])
  expect(await answers).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: refusal },
    { status: 'fulfilled', value: 3 },
  ])
})

test('throws the failure of a run to all whom it was for, and goes on with the next', async () => {
  const { runs, run } = heldRuns()
  const call = joinCalls(run, { most: 2 })
  const answers = Promise.allSettled([1, 2, 3, 4].map(call))
  runs[0]?.end()
  await settled()
  runs[1]?.fail(new Error('away'))
  await settled()
  runs[2]?.end()
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
})

test('refuses a run that does not answer everybody', async () => {
  const call = joinCalls(async (_: number[]) => [] as number[], { most: 50 })
  await expect(call(1)).rejects.toThrow('1 calls got 0 answers')
})
