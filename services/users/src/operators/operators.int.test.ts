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

  it('sets a host-bound cookie for an admin and leads to the queues', async () => {
    const page = await users.api.get('/ops/sign-in?next=/ops/queues')
    expect(page.body).toContain('name="password"')
    const answer = await users.api.post(
      '/ops/sign-in',
      form({ email: admin.email, password: PASSWORD, next: '/ops/queues' }),
    )
    expect(answer).toMatchObject({ status: 303 })
    expect(answer.headers.get('location')).toBe('/ops/queues')
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-rollcall-ops=[\w.-]+; Path=\/; HttpOnly; Secure; SameSite=Strict; Max-Age=28800$/,
    )
    expect((await users.api.post('/ops/sign-out', form({}))).headers.get('set-cookie')).toContain('Max-Age=0')
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

  it('never leads to another site', async () => {
    const next = 'https://evil.test/ops/'
    const answer = await users.api.post('/ops/sign-in', form({ email: admin.email, password: PASSWORD, next }))
    expect(answer.headers.get('location')).toBe('/ops/queues')
  })
})
