import { hours, seconds } from '@rollcall/runtime/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aClock } from '../../test/a-clock.ts'
import { PASSWORD, type Person, PUBLIC_URL, type RunningUsers, startUsers } from '../../test/running-users.ts'

const NEW = 'Another horse 8!'
const clock = aClock()
let users: RunningUsers

beforeAll(async () => {
  users = await startUsers({ clock })
})

afterAll(() => users?.stop())

const facts = async (id: string, type: string) => (await users.toldAbout(id)).filter((told) => told.type === type)

async function settled(): Promise<void> {
  const open = () => users.db.selectFrom('link_requests').select('id').execute()
  await expect.poll(open).toEqual([])
}

/** Asks for a link to choose a password. Gives its path. */
async function forget({ id, email }: Pick<Person, 'id' | 'email'>, headers = {}): Promise<string> {
  expect((await users.api.post('/auth/password/forgot', { body: { email }, headers })).status).toBe(202)
  await settled()
  return users.linkOf(id)
}

const choose = (link: string, password = NEW) => users.api.post(link, { body: { password } })

describe('a forgotten password', () => {
  it('S32: is chosen anew by the mailed link, which ends every session and is told', async () => {
    const ada = await users.join()
    const link = await forget(ada)
    expect((await users.api.get(link)).body).toEqual({ state: 'choosable' })
    expect((await choose(link)).body).toEqual({ state: 'chosen' })
    expect((await users.api.get('/me', { token: ada.token })).status).toBe(401)
    expect((await users.api.post('/auth/refresh', { body: { refreshToken: ada.refreshToken } })).status).toBe(400)
    expect((await users.signIn(ada.email)).status).toBe(401)
    expect((await users.signIn(ada.email, NEW)).status).toBe(200)
    expect(await facts(ada.id, 'password.changed.v1')).toMatchObject([{ data: { userId: ada.id, how: 'reset' } }])
  })

  it('S36: is chosen by one of twenty at once', async () => {
    const link = await forget(await users.join())
    const answers = await Promise.all(Array.from({ length: 20 }, () => choose(link)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => ![200, 400, 503].includes(status))).toEqual([])
  })

  it('S36: is void after an hour, a newer request, and a change of password', async () => {
    const ada = await users.join()
    const [older, newer] = [await forget(ada), await forget(ada)]
    expect((await choose(older)).status).toBe(400)
    const body = { currentPassword: PASSWORD, newPassword: NEW }
    expect((await users.api.post('/me/password', { token: ada.token, body })).status).toBe(200)
    expect((await choose(newer)).status).toBe(400)
    const bob = await users.join()
    const late = await forget(bob)
    clock.advance(hours(1) + seconds(1))
    expect((await choose(late)).status).toBe(400)
  })

  it('S7: is nothing that a link of another purpose chooses, nor one that verifies', async () => {
    const { id } = (await users.signUp()).body
    const [, , , userId, token] = (await users.linkOf(id)).split('/')
    expect((await choose(`/auth/password/reset/${userId}/${token}`)).status).toBe(400)
    expect((await choose(`/auth/password/set/${userId}/${token}`)).status).toBe(400)
    const reset = (await forget(await users.join())).split('/')
    expect((await users.api.post(`/auth/verify-email/${reset[4]}/${reset[5]}`)).status).toBe(400)
  })

  it('S35: is asked for alike by those who are known and unknown, three times an hour at most', async () => {
    const { id, email } = await users.join()
    const ask = (address: string) => users.api.post('/auth/password/forgot', { body: { email: address } })
    for (let i = 0; i < 5; i += 1) {
      const [known, unknown] = [await ask(email), await ask('stranger@example.org')]
      expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
    }
    await settled()
    expect(await facts(id, 'password.reset_requested.v1')).toHaveLength(3)
  })

  it('S37: is mailed with the public address, whatever the request says of its host', async () => {
    const ada = await users.join()
    const link = await forget(ada, { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' })
    // `linkOf` cuts off the public address.
    expect(link).toMatch(/^\/auth\/password\/reset\//)
    expect(PUBLIC_URL).toBe('http://rollcall.test')
  })

  it('makes a squatted account the property of whoever reads the mails of its address', async () => {
    const { id, email } = (await users.signUp()).body
    expect((await choose(await forget({ id, email }))).status).toBe(200)
    expect((await users.signIn(email)).status).toBe(401)
    const { body } = await users.signIn(email, NEW)
    expect(body.user).toMatchObject({ emailVerified: true, role: 'authenticated' })
    expect(await facts(id, 'user.verified.v1')).toHaveLength(1)
  })

  it('R32: opens nothing for somebody whom staff have locked', async () => {
    const ada = await users.join()
    const link = await forget(ada)
    await users.db.updateTable('users').set({ locked: true }).where('id', '=', ada.id).execute()
    expect((await choose(link)).status).toBe(400)
    await users.api.post('/auth/password/forgot', { body: { email: ada.email } })
    await settled()
    expect(await facts(ada.id, 'password.reset_requested.v1')).toHaveLength(1)
  })
})

describe('the page of the link', () => {
  const accept = { accept: 'text/html' }

  it('asks for a password in the reader’s language, without script', async () => {
    const link = await forget(await users.join())
    const page = await users.api.get(link, { headers: { ...accept, 'accept-language': 'de-AT' } })
    expect(page.body).toContain('<html lang="de">')
    expect(page.body).toContain('autocomplete="new-password"')
    expect(page.body).not.toContain('<script')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  it('takes its own form, and says beside it why a password is not taken', async () => {
    const link = await forget(await users.join())
    const headers = { ...accept, 'content-type': 'application/x-www-form-urlencoded' }
    const weak = await users.api.post(link, { headers, body: 'password=short' })
    expect(weak.status).toBe(422)
    expect(weak.body).toContain('role="alert"')
    expect(weak.body).toContain('<form method="post">')
    const long = await users.api.post(link, { headers, body: `password=${'x'.repeat(300)}` })
    expect(long.status).toBe(422)
    expect(long.body).toContain('<main>')
    const taken = await users.api.post(link, { headers, body: 'password=Pa%25+%26%3A%E2%82%AC+horse+9' })
    expect(taken.status).toBe(200)
    expect(taken.body).toContain('Your password is changed')
    expect((await users.api.get(link, { headers: accept })).status).toBe(400)
  })
})

async function signedIn({ email }: Pick<Person, 'email'>): Promise<{ token: string }> {
  return { token: (await users.signIn(email)).body.accessToken }
}

describe('a password that its owner changes', () => {
  const change = (token: string, currentPassword: string, newPassword = NEW) =>
    users.api.post('/me/password', { token, body: { currentPassword, newPassword } })

  it('S15, S32: needs the present one, and ends all other sessions', async () => {
    const ada = await users.join()
    const other = await signedIn(ada)
    expect(await change(ada.token, 'wrong')).toMatchObject({
      status: 422,
      body: { details: { currentPassword: 'is not your password' } },
    })
    expect((await change(ada.token, PASSWORD)).status).toBe(200)
    expect((await users.api.get('/me', { token: other.token })).status).toBe(401)
    expect((await users.api.get('/me', { token: ada.token })).status).toBe(200)
    expect((await users.signIn(ada.email, NEW)).status).toBe(200)
    const revoked = await facts(ada.id, 'session.revoked.v1')
    expect(revoked.map(({ data }) => data['reason'])).toEqual(['password-changed'])
  })

  it('S15: counts wrong guesses as a sign-in does', async () => {
    const ada = await users.join()
    for (let i = 0; i < 5; i += 1) await change(ada.token, 'wrong')
    expect((await change(ada.token, PASSWORD)).status).toBe(422)
    expect((await users.signIn(ada.email)).status).toBe(401)
    expect((await users.api.get('/me', { token: ada.token })).status).toBe(200)
  })

  it('is changed once by ten who know it and ask at once', async () => {
    const ada = await users.join()
    const passwords = Array.from({ length: 10 }, (_, index) => `Another horse ${index}!`)
    const answers = await Promise.all(passwords.map((password) => change(ada.token, PASSWORD, password)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const works = await Promise.all(passwords.map(async (it) => (await users.signIn(ada.email, it)).status))
    expect(works.filter((status) => status === 200).length).toBeLessThanOrEqual(1)
  })
})
