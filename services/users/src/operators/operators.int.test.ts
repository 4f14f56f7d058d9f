import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, type Person, PUBLIC_URL, type RunningUsers, startUsers } from '../../test/running-users.ts'

let users: RunningUsers
let admin: Person

beforeAll(async () => {
  users = await startUsers()
  admin = await users.join()
})

afterAll(() => users?.stop())

describe('the operators’ sign-in', () => {
  const form = (fields: Record<string, string>, origin = PUBLIC_URL) => ({
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
  })

  it('S48: sets a host-bound cookie for an admin and leads to the queues', async () => {
    const page = await users.api.get('/ops/sign-in?next=/ops/queues')
    expect(page.body).toContain('name="password"')
    const answer = await users.api.post(
      '/ops/sign-in',
      form({ email: admin.email, password: PASSWORD, next: '/ops/queues' }),
    )
    expect(answer).toMatchObject({ status: 303 })
    expect(answer.headers.get('location')).toBe('/ops/queues')
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-rollcall-ops=[\w.-]+; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect((await users.api.post('/ops/sign-out', form({}))).headers.get('set-cookie')).toContain('Max-Age=0')
  })

  it('counts as a sign-in, and its end ends the session for every copy of the cookie', async () => {
    const body = form({ email: admin.email, password: PASSWORD })
    const cookie = (await users.api.post('/ops/sign-in', body)).headers.get('set-cookie')?.split(';')[0] ?? ''
    const { body: me } = await users.api.get('/auth/me', { token: admin.token })
    expect(Date.now() - Date.parse(me.lastLoginAt)).toBeLessThan(10_000)
    const told = async () => (await users.toldAbout(admin.id)).map(({ type }) => type)
    expect((await told()).filter((type) => type === 'user.logged_in.v1').length).toBeGreaterThan(1)

    const foreign = { ...form({}, 'http://evil.test'), body: '' }
    foreign.headers = { ...foreign.headers, cookie } as typeof foreign.headers
    expect((await users.api.post('/ops/sign-out', foreign)).status).toBe(403)
    expect((await told()).filter((type) => type === 'session.revoked.v1')).toHaveLength(0)

    const own = form({})
    own.headers = { ...own.headers, cookie } as typeof own.headers
    const out = await users.api.post('/ops/sign-out', own)
    expect(out.status).toBe(303)
    const revoked = (await users.toldAbout(admin.id)).find(({ type }) => type === 'session.revoked.v1')
    // As long as the cookie itself would have counted: other services must not forget it before.
    expect(Date.parse(String(revoked?.data['expiresAt'])) - Date.now()).toBeGreaterThan(8 * 3600_000)
    await users.api.post('/ops/sign-out', own)
    expect((await told()).filter((type) => type === 'session.revoked.v1')).toHaveLength(1)
  })

  it('shows why it refuses: no operator, a wrong password, a form of another site', async () => {
    const person = await users.join()
    const noOperator = await users.api.post('/ops/sign-in', form({ email: person.email, password: PASSWORD }))
    expect(noOperator.status).toBe(403)
    expect(noOperator.body).toContain('This account is no operator.')
    const wrong = await users.api.post('/ops/sign-in', form({ email: admin.email, password: 'wrong' }))
    expect(wrong.status).toBe(401)
    const foreign = await users.api.post(
      '/ops/sign-in',
      form({ email: admin.email, password: PASSWORD }, 'http://evil.test'),
    )
    expect(foreign).toMatchObject({ status: 403, body: { error: 'Forbidden' } })
  })

  it('S48: never leads to another site', async () => {
    const next = 'https://evil.test/ops/'
    const answer = await users.api.post('/ops/sign-in', form({ email: admin.email, password: PASSWORD, next }))
    expect(answer.headers.get('location')).toBe('/ops/queues')
  })
})
