import { days, minutes, seconds } from '@rollcall/runtime/clock'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aClock } from '../../test/a-clock.ts'
import { PASSWORD, type RunningUsers, startUsers } from '../../test/running-users.ts'

const clock = aClock()
let users: RunningUsers

beforeAll(async () => {
  users = await startUsers({ clock })
})

afterAll(() => users?.stop())

const refresh = (refreshToken: string) => users.api.post('/auth/refresh', { body: { refreshToken } })
const isSignedIn = async (token: string) => (await users.api.get('/me', { token })).status === 200

describe('own sessions', () => {
  it('are listed with device, address and times, the present one marked', async () => {
    const ada = await users.join()
    const headers = { 'user-agent': 'Phone/1.0 (\u00e9)' }
    const phone = (await users.signIn(ada.email, PASSWORD, { headers })).body
    const { items } = (await users.api.get('/me/sessions', { token: phone.accessToken })).body
    expect(items).toMatchObject([
      { device: 'Phone/1.0 ( )', address: '127.0.0.1', current: true, id: decodeJwt(phone.accessToken)['sid'] },
      { current: false, id: decodeJwt(ada.token)['sid'] },
    ])
    for (const member of ['createdAt', 'lastUsedAt', 'expiresAt']) expect(items[0][member]).toMatch(/Z$/)
  })

  it('S30: are ended one by one, others go on, and nobody ends another person’s', async () => {
    const [ada, bob] = [await users.join(), await users.join()]
    const phone = (await users.signIn(ada.email)).body
    const sid = decodeJwt(phone.accessToken)['sid']
    expect(await users.api.call('DELETE', `/me/sessions/${sid}`, { token: bob.token })).toMatchObject({
      status: 404,
      body: { error: 'NotFound' },
    })
    expect((await users.api.call('DELETE', `/me/sessions/${sid}`, { token: ada.token })).status).toBe(204)
    expect([await isSignedIn(phone.accessToken), await isSignedIn(ada.token)]).toEqual([false, true])
    expect((await refresh(phone.refreshToken)).status).toBe(400)
    expect((await users.api.call('DELETE', `/me/sessions/${sid}`, { token: ada.token })).status).toBe(404)
  })

  it('S30: are all ended at once, told each', async () => {
    const ada = await users.join()
    const phone = (await users.signIn(ada.email)).body
    expect((await users.api.post('/auth/logout-all', { token: ada.token })).status).toBe(204)
    expect([await isSignedIn(phone.accessToken), await isSignedIn(ada.token)]).toEqual([false, false])
    const revoked = (await users.toldAbout(ada.id)).filter(({ type }) => type === 'session.revoked.v1')
    expect(revoked.map(({ data }) => data['reason'])).toEqual(['sign-out', 'sign-out'])
  })

  it('S29: end unused after a while, and for good after a longer one, however often they are refreshed', async () => {
    const ada = await users.join()
    const unused = await users.join()
    let { refreshToken } = ada
    for (let week = 1; week <= 4; week += 1) {
      clock.advance(days(7))
      const answer = await refresh(refreshToken)
      expect(answer.status).toBe(200)
      refreshToken = answer.body.refreshToken
    }
    expect((await refresh(unused.refreshToken)).status).toBe(400)
    clock.advance(days(3))
    expect((await refresh(refreshToken)).status).toBe(400)
  })

  it('S28: leave exactly one successor of twenty refreshes at once, and it lives', async () => {
    const ada = await users.join()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(ada.refreshToken)))
    const [successor, ...others] = answers.filter(({ status }) => status === 200)
    expect(others).toEqual([])
    expect(await isSignedIn(successor?.body.accessToken)).toBe(true)
    expect((await refresh(successor?.body.refreshToken)).status).toBe(200)
  })

  it('S28: end as a family when a token comes back after ten seconds, and only are refused before', async () => {
    const ada = await users.join()
    const first = (await refresh(ada.refreshToken)).body
    clock.advance(seconds(9))
    expect((await refresh(ada.refreshToken)).status).toBe(400)
    expect(await isSignedIn(ada.token)).toBe(true)
    clock.advance(seconds(2))
    expect((await refresh(ada.refreshToken)).status).toBe(400)
    expect((await refresh(first.refreshToken)).status).toBe(400)
    expect(await isSignedIn(ada.token)).toBe(false)
  })
})

describe('the token endpoint', () => {
  const form = (body: string, headers: Record<string, string> = {}) =>
    users.api.post('/auth/token', {
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })

  it('S27: gives tokens for a password, in the words of RFC 6749, and for a refresh token', async () => {
    const ada = await users.join()
    const answer = await form(
      new URLSearchParams({ grant_type: 'password', username: ada.email, password: PASSWORD }).toString(),
    )
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 900 } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await isSignedIn(answer.body.access_token)).toBe(true)
    const next = await form(`grant_type=refresh_token&refresh_token=${answer.body.refresh_token}`)
    expect(Object.keys(next.body).sort()).toEqual(['access_token', 'expires_in', 'refresh_token', 'token_type'])
    expect((await form(`grant_type=refresh_token&refresh_token=${answer.body.refresh_token}`)).body).toMatchObject({
      error: 'invalid_grant',
    })
  })

  it.each<[string, string, number, string, Record<string, string>?]>([
    ['a wrong password', 'grant_type=password&username=a%40example.org&password=x', 400, 'invalid_grant'],
    ['a refresh token that is none', `grant_type=refresh_token&refresh_token=${'x'.repeat(43)}`, 400, 'invalid_grant'],
    ['another grant', 'grant_type=client_credentials', 400, 'unsupported_grant_type'],
    ['no grant', 'username=a', 400, 'invalid_request'],
    ['a missing password', 'grant_type=password&username=a%40example.org', 400, 'invalid_request'],
    ['a repeated parameter', 'grant_type=password&grant_type=password', 400, 'invalid_request'],
    ['broken percent-encoding', 'grant_type=password&username=%zz', 400, 'invalid_request'],
    ['a body that is no UTF-8', 'grant_type=password&username=%ff', 400, 'invalid_request'],
    ['an empty body', '', 400, 'invalid_request'],
    ['another client', 'grant_type=password&client_id=evil', 401, 'invalid_client'],
    ['a client secret', 'grant_type=password&client_secret=x', 401, 'invalid_client'],
    ['client credentials', 'grant_type=password', 401, 'invalid_client', { authorization: 'Basic eDp5' }],
  ])('S27: refuses %s in the words of RFC 6749', async (_, body, status, error, headers) => {
    const answer = await form(body, headers)
    expect(answer).toMatchObject({ status, body: { error } })
    expect(Object.keys(answer.body).sort()).toEqual(['error', 'error_description'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.has('www-authenticate')).toBe(status === 401)
  })

  it('S27: takes a form only, of whatever spelling of UTF-8', async () => {
    expect(await users.api.post('/auth/token', { body: { grant_type: 'password' } })).toMatchObject({ status: 415 })
    const ada = await users.join()
    const body = new URLSearchParams({ grant_type: 'password', username: ada.email, password: PASSWORD }).toString()
    const type = (value: string) => form(body, { 'content-type': value })
    expect((await type('application/x-www-form-urlencoded; charset=UTF-8')).status).toBe(200)
    expect((await type('application/x-www-form-urlencoded;charset="utf-8"')).status).toBe(200)
    expect((await type('application/x-www-form-urlencoded; charset=latin1')).status).toBe(415)
  })

  it.each(['A+ b%&:€ 9 z', ' leading 7 A!', 'trailing 7 A! ', 'a=b&C=%zz 7', 'emoji 🎟️ A 7!'])(
    'takes what a form makes of the password %j, as the other paths do',
    async (password) => {
      const { id, email } = (await users.signUp({ password })).body
      await users.api.post(await users.linkOf(id))
      expect((await users.signIn(email, password)).status).toBe(200)
      expect((await users.signIn(email, password.trim())).status).toBe(password === password.trim() ? 200 : 401)
      const browser = new URLSearchParams({ grant_type: 'password', username: email, password }).toString()
      const curl = `grant_type=password&username=${encodeURIComponent(email)}&password=${encodeURIComponent(password)}`
      expect([(await form(browser)).status, (await form(curl)).status]).toEqual([200, 200])
    },
  )

  it('S22: refuses credentials in the query', async () => {
    const answer = await users.api.post('/auth/token?password=x', {
      body: 'grant_type=password',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})

describe('passwords', () => {
  it('S12: count beyond 72 bytes', async () => {
    const password = `Zebra fjord 12 quiz. ${'x'.repeat(51)}12345678`
    expect(password).toHaveLength(80)
    const { id, email } = (await users.signUp({ password })).body
    await users.api.post(await users.linkOf(id))
    expect((await users.signIn(email, password)).status).toBe(200)
    expect((await users.signIn(email, password.slice(0, 72))).status).toBe(401)
  })

  it('S13: are the same in either spelling of their characters, and not in another case', async () => {
    const password = 'Caf\u00e9 Zebra 7!'
    const { id, email } = (await users.signUp({ password })).body
    await users.api.post(await users.linkOf(id))
    expect((await users.signIn(email, password.normalize('NFD'))).status).toBe(200)
    expect((await users.signIn(email, password.toLowerCase())).status).toBe(401)
  })

  it.each(['with NUL \u0000 7A!', 'lone \ud800 surrogate 7A!'])('S13: are refused %j', async (password) => {
    expect(await users.signUp({ password })).toMatchObject({
      status: 422,
      body: { details: { password: expect.any(String) } },
    })
  })

  it('S14: of another system or of less work are hashed anew at the sign-in', async () => {
    const ada = await users.join()
    const { hashSync } = await import('bcrypt')
    const stored = () =>
      users.db.selectFrom('users').select('password_hash').where('id', '=', ada.id).executeTakeFirstOrThrow()
    const imported = hashSync(PASSWORD, 4).replace(/^\$2b\$/, '$2y$')
    await users.db.updateTable('users').set({ password_hash: imported }).where('id', '=', ada.id).execute()
    expect((await users.signIn(ada.email, 'wrong')).status).toBe(401)
    expect((await stored()).password_hash).toBe(imported)
    expect((await users.signIn(ada.email)).status).toBe(200)
    expect((await stored()).password_hash).toMatch(/^v1\$2b\$/)
    expect((await users.signIn(ada.email)).status).toBe(200)
  })

  it('S14: that change while a sign-in hashes the one before anew are kept', async () => {
    const ada = await users.join()
    const { hashSync } = await import('bcrypt')
    await users.db
      .updateTable('users')
      .set({ password_hash: hashSync(PASSWORD, 4) })
      .where('id', '=', ada.id)
      .execute()
    const body = { currentPassword: PASSWORD, newPassword: 'Another horse 8!' }
    const [changed] = await Promise.all([
      users.api.post('/me/password', { token: ada.token, body }),
      ...Array.from({ length: 5 }, () => users.signIn(ada.email)),
    ])
    const works = changed.status === 200 ? 'Another horse 8!' : PASSWORD
    clock.advance(minutes(20))
    expect((await users.signIn(ada.email, works)).status).toBe(200)
  })

  it('S10: of 100 kB are refused without hashing', async () => {
    const answer = await users.signUp({ password: 'x'.repeat(100 * 1024) })
    expect([413, 422]).toContain(answer.status)
    const long = await users.signIn('ada@example.org', 'x'.repeat(90 * 1024))
    expect(long.status).toBe(422)
  })
})
