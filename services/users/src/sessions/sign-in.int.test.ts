import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, PUBLIC_URL, type RunningUsers, startUsers } from '../../test/running-users.ts'

let users: RunningUsers

beforeAll(async () => {
  users = await startUsers()
})

afterAll(() => users?.stop())

describe('signing in', () => {
  it('S16, R24: refuses unknown addresses and wrong passwords alike', async () => {
    const { email } = await users.join()
    const unknown = await users.api.post('/auth/login', { body: { email: 'nobody@example.org', password: PASSWORD } })
    const wrong = await users.api.post('/auth/login', { body: { email, password: 'wrong' } })
    const { traceId: _, ...alike } = unknown.body
    expect(unknown).toMatchObject({ status: 401, body: { error: 'InvalidCredentials' } })
    expect(wrong).toMatchObject({ status: 401, body: alike })
  })

  it('refuses what no address can hold, and a member named as one that every object has', async () => {
    const nul = await users.api.post('/auth/login', { body: { email: '\u0000@x.org', password: PASSWORD } })
    expect(nul).toMatchObject({ status: 422, body: { details: { email: 'must not contain control characters' } } })
    const body = '{"email":"a@example.org","password":"x","constructor":1}'
    const inherited = await users.api.post('/auth/login', { body })
    expect(inherited).toMatchObject({ status: 422, body: { details: { constructor: 'is not a known member' } } })
  })

  it('sends who knows the password of an unverified account to the mailbox', async () => {
    const { email } = (await users.signUp()).body
    const answer = await users.api.post('/auth/login', { body: { email, password: PASSWORD } })
    expect(answer).toMatchObject({ status: 403, body: { error: 'EmailNotVerified' } })
  })

  it('S26: gives an ES256 token that the published keys verify, without personal data', async () => {
    const { id, token } = await users.join()
    const { createLocalJWKSet, jwtVerify } = await import('jose')
    const jwks = await users.api.get('/.well-known/jwks.json')
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks.body))
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect(Object.keys(payload).sort()).toEqual(
      ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'operator', 'professional', 'role', 'sid', 'sub', 'ver'].sort(),
    )
    expect(payload).toMatchObject({ iss: PUBLIC_URL, sub: id })
    expect(JSON.stringify(jwks.body)).not.toContain('"d"')
    const discovery = await users.api.get('/.well-known/openid-configuration')
    expect(discovery.body).toMatchObject({ issuer: PUBLIC_URL, jwks_uri: `${PUBLIC_URL}/.well-known/jwks.json` })
  })

  it('exchanges a refresh token once', async () => {
    const { refreshToken } = await users.join()
    const body = { refreshToken }
    const answers = await Promise.all(Array.from({ length: 10 }, () => users.api.post('/auth/refresh', { body })))
    const good = answers.filter(({ status }) => status === 200)
    expect(good).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'InvalidToken')).toHaveLength(9)
    const next = await users.api.post('/auth/refresh', { body: { refreshToken: good[0]?.body.refreshToken } })
    expect(next.status).toBe(200)
  })

  it('S28: ends the whole session when a refresh token comes back later', async () => {
    const { id, token, refreshToken } = await users.join()
    const first = await users.api.post('/auth/refresh', { body: { refreshToken } })
    await users.db
      .updateTable('refresh_tokens')
      .set({ replaced_at: new Date(0) })
      .where('replaced_at', 'is not', null)
      .execute()
    expect((await users.api.post('/auth/refresh', { body: { refreshToken } })).status).toBe(400)
    expect((await users.api.post('/auth/refresh', { body: { refreshToken: first.body.refreshToken } })).status).toBe(
      400,
    )
    expect((await users.api.get('/auth/me', { token })).status).toBe(401)
    const revoked = (await users.toldAbout(id)).filter(({ type }) => type === 'session.revoked.v1')
    expect(revoked).toMatchObject([{ data: { reason: 'reuse' } }])
  })

  it('S30: ends a session at sign-out', async () => {
    const { token } = await users.join()
    expect((await users.api.post('/auth/logout', { token })).status).toBe(204)
    const answer = await users.api.get('/auth/me', { token })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token')
  })

  it.each([
    ['no token', undefined, 'Bearer'],
    ['rubbish', 'rubbish', 'invalid_token'],
    ['an unsigned token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.', 'invalid_token'],
  ])('S23, R35: refuses %s with a challenge', async (_, token, challenge) => {
    const answer = await users.api.get('/auth/me', token === undefined ? {} : { token })
    expect(answer).toMatchObject({ status: 401, body: { error: 'Unauthenticated' } })
    expect(answer.headers.get('www-authenticate')).toContain(challenge)
  })
})
