import { expect, it } from 'vitest'
import type { Operation, Route } from './operation.ts'
import { createRouter } from './router.ts'

const options = {
  authenticate: { bearer: async () => undefined, opsCookie: async () => undefined },
  rateLimits: { count: async () => ({}) },
  knowledgeAgeMs: () => 0,
  clientAddress: () => '192.0.2.1',
  ownOrigin: 'http://rollcall.test',
  checkAnswers: true,
}
const route = (permission: string, path = '/x'): Route => ({
  id: 'doSomething',
  operation: { method: 'get', path, summary: '', tag: '', answers: {}, permission } as unknown as Operation,
  handle: async () => ({ status: 204 }),
})

it.each(['events.dance', '', 'toString'])('does not start with an operation whose permission is "%s"', (permission) => {
  expect(() => createRouter([route(permission)], options)).toThrow('declares no known permission')
})

it('starts with a declared permission', () => {
  expect(() => createRouter([route('public')], options)).not.toThrow()
})

it.each([
  ['/events/{eventId}', '/events/managed'],
  ['/events/zzz', '/events/{eventId}'],
  ['/events/{eventId}/attendees', '/events/managed'],
])('matches the literal of %s and %s first', (one, other) => {
  const router = createRouter([route('public', one), route('public', other)], options)
  const paths = router.stack.map((layer) => layer.route?.path)
  expect(paths.findIndex((path) => !path?.includes(':'))).toBe(0)
})
