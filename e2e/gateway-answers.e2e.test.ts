import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})

afterAll(() => system?.stop())

interface Compared {
  headers: Record<string, string>
  members: Record<string, unknown>
}

/** Of one request, or of the connection. */
const OWN_HEADERS = [
  'date',
  'x-request-id',
  'content-length',
  'connection',
  'keep-alive',
  'server',
  'transfer-encoding',
]

async function ask(path: string, init: RequestInit = {}): Promise<Compared> {
  const answer = await fetch(`${system.publicUrl}${path}`, init)
  expect(answer.headers.get('x-request-id')).toMatch(/\S{8,}/)
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OWN_HEADERS.includes(name)))
  const { instance, traceId, ...members } = (await answer.json()) as Record<string, unknown>
  expect([instance, traceId]).toEqual([path, expect.stringMatching(/^[0-9a-f]{32}$/)])
  return { headers, members }
}

/** A path of no service, and one that only its service knows not to be there. */
const both = async (init: RequestInit = {}) => [await ask('/nothing-here', init), await ask('/auth/nothing-here', init)]

describe('what the gateway answers itself is what a service would answer', () => {
  it.each([
    undefined,
    'de',
    'de-AT,de;q=0.9',
    'den',
    'fr, de',
    'fr, de;q=0.3, en;q=0.4',
    'en;q=0, de;q=0.1',
    '*',
    'fr',
    'de;q=x, en',
    'DE-CH-1996',
    ', ,;;,de',
  ])('to somebody who reads %s', async (language) => {
    const [own, service] = await both(language === undefined ? {} : { headers: { 'accept-language': language } })
    expect(own).toEqual(service)
  })

  it.each(['own', 'http://evil.test', 'null'])('to a page of %s', async (origin) => {
    const [own, service] = await both({ headers: { origin: origin === 'own' ? system.publicUrl : origin } })
    expect(own).toEqual(service)
    expect(own?.headers['access-control-allow-origin']).toBe(origin === 'own' ? system.publicUrl : undefined)
    expect(own?.headers['vary']).toBe('Origin')
  })

  it('S47: to a body that is too large', async () => {
    const headers = { 'content-type': 'application/json' }
    const own = await ask('/auth/register', { method: 'POST', headers, body: 'x'.repeat(26 * 1024 * 1024) })
    const service = await ask('/auth/register', { method: 'POST', headers, body: 'x'.repeat(200_000) })
    expect(own.headers).toEqual(service.headers)
    expect(Object.keys(own.members)).toEqual(Object.keys(service.members))
    expect(own.members).toMatchObject({ status: 413, error: 'PayloadTooLarge', title: service.members['title'] })
  })

  it.each([
    ['an address that just fits', 422, 'a'.repeat(16_000), 0],
    ['an address that fits the gateway alone', 422, 'a'.repeat(16_300), 0],
    ['an address that is longer', 414, 'a'.repeat(17_000), 0],
    ['headers that fit the gateway alone', 422, 'a', 3],
    ['headers that are more', 431, 'a', 6],
  ])('to %s: %i in the answer and in its body', async (_, status, q, count) => {
    const headers = Array.from({ length: count }, (__, n): [string, string] => [`x-filler-${n}`, 'b'.repeat(12_000)])
    const answer = await fetch(`${system.publicUrl}/events?nothing=${q}`, { headers })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(await answer.json()).toMatchObject({ status })
  })

  it('S47: to a method that a path does not take', async () => {
    const own = await ask('/page.css', { method: 'POST' })
    const service = await ask('/auth/me', { method: 'PUT' })
    expect(Object.keys(own.headers).sort()).toEqual(Object.keys(service.headers).sort())
    expect(own.headers['allow']).toBe('GET, HEAD')
    expect(own.members).toMatchObject({ status: 405, error: 'MethodNotAllowed', title: service.members['title'] })
  })

  it('S47: in the name of a service that is gone', async () => {
    const language = { headers: { 'accept-language': 'de' } }
    const { headers } = await ask('/events/nothing/here', language)
    await system.processes.events.kill('SIGKILL')
    const own = await ask('/events/nothing/here', language)
    expect(own.headers).toEqual({ ...headers, 'retry-after': '2' })
    expect(own.members).toMatchObject({ status: 503, error: 'Unavailable', title: 'Zurzeit nicht verfügbar' })
  })
})

it('explains every type of problem at its place', async () => {
  const page = await fetch(`${system.publicUrl}/docs/problems`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(await page.text()).toContain('<section id="email-taken">')
})
