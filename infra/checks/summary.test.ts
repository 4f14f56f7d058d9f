import { expect, it } from 'vitest'
import { summarise } from './summary.ts'

it('adds up checks and tests', () => {
  const all = [
    { passed: 4, failed: 0, skipped: 0 },
    { passed: 100, failed: 0, skipped: 0 },
  ]
  expect(summarise(all)).toEqual({ line: '104 passed, 0 failed', passed: true })
})

it('names skipped tests only when there are some', () => {
  expect(summarise([{ passed: 1, failed: 0, skipped: 2 }]).line).toBe('1 passed, 0 failed, 2 skipped')
})

it('fails when anything failed', () => {
  expect(summarise([{ passed: 9, failed: 1, skipped: 0 }]).passed).toBe(false)
})

it('fails when nothing ran', () => {
  expect(summarise([{ passed: 0, failed: 0, skipped: 0 }]).passed).toBe(false)
})
