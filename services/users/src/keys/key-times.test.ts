import { addMilliseconds, hours, minutes } from '@rollcall/runtime/clock'
import { expect, it } from 'vitest'
import { PUBLISHED_BEFORE_MS, retired, signingNow } from './key-times.ts'

const now = new Date('2027-01-01T12:00:00Z')
const key = (kid: string, milliseconds: number) => ({ kid, signs_from: addMilliseconds(now, milliseconds) })
const kids = (keys: { kid: string }[]) => keys.map(({ kid }) => kid)

it('signs with the last key whose time has come', () => {
  const keys = [key('next', minutes(1)), key('present', -hours(1)), key('former', -hours(100))]
  expect(signingNow(keys, now)?.kid).toBe('present')
  expect(signingNow(keys, addMilliseconds(now, minutes(1)))?.kid).toBe('next')
  expect(signingNow([key('next', minutes(1))], now)).toBeUndefined()
})

it('retires a key once the last token that it signed has ended, and never the last one', () => {
  expect(kids(retired([key('only', -hours(1000))], now))).toEqual([])
  expect(kids(retired([key('former', -hours(1000)), key('present', -hours(8))], now))).toEqual([])
  expect(kids(retired([key('former', -hours(1000)), key('present', -hours(9))], now))).toEqual(['former'])
})

it('publishes a key for longer than a verifier keeps the set and waits before it asks again', () => {
  expect(PUBLISHED_BEFORE_MS).toBeGreaterThan(minutes(5) + 30_000)
})
