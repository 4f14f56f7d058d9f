import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createProgress } from './progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('says every ten seconds how long a step takes, and what it tells of itself', async () => {
  const lines: string[] = []
  const progress = createProgress((text) => lines.push(text.trim()))
  const done = progress.step('building', async (tell) => {
    await vi.advanceTimersByTimeAsync(10_000)
    tell('7 of about 9 packages')
    await vi.advanceTimersByTimeAsync(10_000)
  })
  await done
  expect(lines).toEqual([
    'building ...',
    'building ... 10.0 s so far',
    'building ... 20.0 s so far, 7 of about 9 packages',
    'building: done in 20.0 s',
  ])
})

it('tells of every step that begins', async () => {
  const titles: string[] = []
  const progress = createProgress(
    () => {},
    (title) => titles.push(title),
  )
  await progress.step('one', () => progress.step('two', async () => {}))
  expect(titles).toEqual(['one', 'two'])
})
