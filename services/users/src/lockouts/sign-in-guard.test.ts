import { minutes } from '@rollcall/runtime/clock'
import { expect, it } from 'vitest'
import { lockoutMs } from './sign-in-guard.ts'

it('lasts a quarter of an hour, twice as long each time, and an hour at most', () => {
  expect([0, 1, 2, 3, 100].map(lockoutMs)).toEqual([15, 30, 60, 60, 60].map(minutes))
})
