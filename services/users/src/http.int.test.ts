import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningUsers, startUsers } from '../test/running-users.ts'

let users: RunningUsers

beforeAll(async () => {
  users = await startUsers()
})

afterAll(() => users?.stop())

describe('any request', () => {
  it.each([
    ['POST', '/auth/login', '{"email":', 400, 'BadRequest'],
    ['POST', '/auth/login', `{"email":"${'x'.repeat(200_000)}"}`, 413, 'PayloadTooLarge'],
    ['DELETE', '/auth/login', undefined, 405, 'MethodNotAllowed'],
    ['GET', '/nowhere', undefined, 404, 'NotFound'],
    ['GET', '/auth/me?access_token=x', undefined, 400, 'BadRequest'],
    ['GET', '/auth/verify-email/%ZZ/token', undefined, 400, 'BadRequest'],
  ])('answers %s %s with a problem', async (method, path, body, status, error) => {
    const answer = await users.api.call(method, path, body === undefined ? {} : { body })
    expect(answer).toMatchObject({ status, body: { status, error } })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body.traceId).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is refused in another body type', async () => {
    const answer = await users.api.post('/auth/login', { body: '<x/>', headers: { 'content-type': 'text/xml' } })
    expect(answer).toMatchObject({ status: 415, body: { error: 'UnsupportedMediaType' } })
  })

  it('S47: is answered in the language that was asked for', async () => {
    const answer = await users.api.get('/nowhere', { headers: { 'accept-language': 'de-AT, en;q=0.5' } })
    expect(answer.body.title).toBe('Nicht gefunden')
  })

  it('S48, R29: gets no CORS header for an origin that is not on the list', async () => {
    const answer = await users.api.get('/.well-known/jwks.json', { headers: { origin: 'null' } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})
