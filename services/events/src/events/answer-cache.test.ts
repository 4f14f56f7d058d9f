import { expect, it } from 'vitest'
import { createAnswerCache, type Kept } from './answer-cache.ts'

function cache() {
  let generation: number | undefined = 1
  const made = { count: 0 }
  let now = 0
  const answers = createAnswerCache({ generation: () => generation }, { now: () => new Date(now) })
  const wait = (milliseconds: number) => (now += milliseconds)
  const make = async (): Promise<Kept<number>> => {
    made.count += 1
    return { etag: `"${made.count}"`, body: made.count, size: 10 }
  }
  const read = async (key = 'a') => (await answers.get(key, make)).body
  return { answers, read, made, wait, set: (value: number | undefined) => (generation = value) }
}

it('keeps an answer until something changes', async () => {
  const { read, set } = cache()
  expect([await read(), await read(), await read('b')]).toEqual([1, 1, 2])
  set(2)
  expect([await read(), await read()]).toEqual([3, 3])
})

it('lets all who ask at once share one', async () => {
  const { read, made } = cache()
  expect(await Promise.all(Array.from({ length: 50 }, () => read()))).toEqual(Array(50).fill(1))
  expect(made.count).toBe(1)
})

it('keeps nothing that was worked out while something changed', async () => {
  const { answers, read, set } = cache()
  await answers.get('a', async () => {
    set(2)
    return { etag: '"old"', body: 0, size: 1 }
  })
  set(1)
  expect(await read()).toBe(1)
})

it('keeps nothing while changes of other processes are not heard', async () => {
  const { read, set } = cache()
  set(undefined)
  expect([await read(), await read()]).toEqual([1, 2])
})

it('keeps nothing for longer than a second, and no failure', async () => {
  const { answers, read, wait } = cache()
  const failing = answers.get('a', async () => {
    throw new Error('away')
  })
  await expect(failing).rejects.toThrow('away')
  expect(await read()).toBe(1)
  wait(999)
  expect(await read()).toBe(1)
  wait(1)
  expect(await read()).toBe(2)
})
