import type { Request } from 'express'
import { expect, it } from 'vitest'
import { idempotentRequest } from './idempotency.ts'

const requestWith = (key: string | undefined) =>
  ({ get: () => key, path: '/events', body: { title: 'x' } }) as unknown as Request
const read = (key: string | undefined, callerId?: string) =>
  idempotentRequest(requestWith(key), { operationId: 'createEvent', callerId })

it('scopes a key by caller, operation and path', () => {
  expect(read('k', 'ada')).toEqual({
    scope: 'ada:createEvent:/events',
    signedIn: true,
    key: 'k',
    body: { title: 'x' },
  })
  expect(read('k')).toMatchObject({ scope: 'anonymous:createEvent:/events', signedIn: false })
})

it('goes without a key', () => {
  expect(read(undefined).key).toBeUndefined()
})

it.each(['!', '~'.repeat(255), '01a1fe47-a46f-74e3-a314-c492457e0b82'])('takes the key %s', (key) => {
  expect(read(key).key).toBe(key)
})

it.each([
  ['an empty one', ''],
  ['one that is too long', 'k'.repeat(256)],
  ['one with a space', 'my key'],
  ['one beyond ASCII', 'schlüssel'],
  ['one with a control character', 'key\u007f'],
])('refuses %s by name', (_, key) => {
  const details = { 'idempotency-key': 'must be 1 to 255 visible ASCII characters' }
  expect(() => read(key)).toThrow(expect.objectContaining({ code: 'ValidationError', extras: { details } }))
})
