import { readQr } from '@rollcall/testing/qr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, PUBLIC_URL, type RunningUsers, startUsers } from '../../test/running-users.ts'

let users: RunningUsers
let ada: Person

beforeAll(async () => {
  users = await startUsers()
  await users.join()
  ada = await users.join()
})

afterAll(() => users?.stop())

const patch = (body: unknown, headers: Record<string, string> = {}) =>
  users.api.patch('/me', { token: ada.token, body, headers })

const filled = {
  firstName: 'Ada',
  lastName: 'Lovelace 🎩',
  bio: 'First line\nsecond <b>line</b> & "more"',
  location: 'London',
  githubUrl: 'https://github.com/ada',
  linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace',
  additional: { tshirt_size: 'M', vegetarian: true, guests: 2 },
  publicFields: ['firstName', 'bio', 'additional'],
  locale: 'de',
  timeZone: 'Europe/London',
}

describe('the own profile', () => {
  it('R4: has every member with its stored value, exactly as it was given', async () => {
    expect((await patch(filled)).body).toMatchObject(filled)
    const me = await users.api.get('/me', { token: ada.token })
    expect(me.body).toMatchObject({ ...filled, id: ada.id, email: ada.email, professional: false, lockedUntil: null })
    expect(Object.keys(me.body)).toEqual(
      expect.arrayContaining(['lastName', 'createdAt', 'updatedAt', 'lastLoginAt', 'professionalSince', '_links']),
    )
    expect(me.body).not.toHaveProperty('failedLogins')
    expect((await users.api.get('/auth/me', { token: ada.token })).body).toEqual(me.body)
  })

  it('can be given whole at the sign-up', async () => {
    const { body } = await users.signUp({ ...filled, nickname: 'Ada-the-first' })
    expect(body).toMatchObject({ ...filled, nickname: 'Ada-the-first' })
  })

  it('R13: takes empty and null for what they are, and leaves what is missing', async () => {
    await patch(filled)
    const { body } = await patch({ bio: '', location: null, additional: {} })
    expect(body).toMatchObject({ bio: '', location: null, additional: {}, firstName: 'Ada' })
  })

  it('tells which members have another value, and nothing where none has', async () => {
    await patch(filled)
    const before = (await users.toldAbout(ada.id)).length
    await patch(filled)
    expect(await users.toldAbout(ada.id)).toHaveLength(before)
    await patch({ ...filled, bio: 'new', timeZone: 'Europe/Paris' })
    const told = (await users.toldAbout(ada.id)).slice(before)
    expect(told.map(({ type }) => type)).toEqual(['user.snapshot.v1', 'user.updated.v1'])
    expect(told[1]?.data).toEqual({ userId: ada.id, actorId: ada.id, fields: ['bio', 'timeZone'] })
  })

  it('honours If-Match, which a sign-in does not spoil', async () => {
    const etag = String((await patch({ bio: 'one' })).headers.get('etag'))
    await users.signIn(ada.email)
    expect((await patch({ bio: 'two' }, { 'if-match': etag })).status).toBe(200)
    expect(await patch({ bio: 'three' }, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { error: 'PreconditionFailed' },
    })
  })

  it.each(['role', 'emailVerified', 'id', 'professional', 'operator', 'locked', 'email', 'password', 'createdAt'])(
    'S2, R14, R26, R34: refuses %s in it, and changes nothing',
    async (member) => {
      const before = (await users.api.get('/me', { token: ada.token })).body
      const answer = await patch({ bio: 'changed', [member]: before[member] ?? 'x' })
      expect(answer).toMatchObject({ status: 422, body: { details: { [member]: 'is not a known member' } } })
      expect((await users.api.get('/me', { token: ada.token })).body).toEqual(before)
      const body = { email: 'new@example.org', password: 'Correct horse 7!', [member]: 'x' }
      const signUp = await users.api.post('/auth/register', { body })
      if (member !== 'email' && member !== 'password') expect(signUp.status).toBe(422)
    },
  )

  it.each<[string, unknown]>([
    ['bio', 'x'.repeat(501)],
    ['firstName', 'x'.repeat(101)],
    ['lastName', 'a\u0000b'],
    ['lastName', 'two\nlines'],
    ['location', 'x'.repeat(121)],
    ['githubUrl', `https://github.com/${'x'.repeat(256)}`],
    ['githubUrl', 'https://github.com.evil.example/ada'],
    ['githubUrl', 'javascript:alert(1)'],
    ['githubUrl', 'https://github.com/ada?tab=repositories'],
    ['linkedinUrl', 'http://linkedin.com/in/ada'],
    ['linkedinUrl', 'https://evil.example/linkedin.com/in/ada'],
    ['nickname', 'admin'],
    ['nickname', 'two words'],
    ['nickname', '👑👑👑'],
    ['locale', 'tlh'],
    ['timeZone', 'Mars/Olympus'],
    ['publicFields.0', ['email']],
    ['additional', Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`field_${index}`, 1]))],
    ['additional.Upper', { Upper: 1 }],
    ['additional.nested', { nested: { a: 1 } }],
    ['additional.long', { long: 'x'.repeat(501) }],
    ['firstName', 7],
  ])('R11: names %s where it is not taken', async (field, value) => {
    const answer = await patch({ [field.split('.')[0] ?? '']: value })
    expect(answer).toMatchObject({
      status: 422,
      body: { error: 'ValidationError', details: { [field]: expect.any(String) } },
    })
  })

  it('R7: keeps a nickname of one’s own, and refuses one that is taken, whatever the case', async () => {
    expect((await patch({ nickname: 'Countess_of_Code' })).body.nickname).toBe('Countess_of_Code')
    const other = await users.join()
    const taken = await users.api.patch('/me', { token: other.token, body: { nickname: 'countess_OF_code' } })
    expect(taken).toMatchObject({ status: 409, body: { error: 'NicknameTaken' } })
  })

  it('S40, S50: is the caller’s own, whatever else the request names', async () => {
    const other = await users.join()
    const answer = await users.api.get(`/me?userId=${other.id}`, {
      token: ada.token,
      headers: { 'x-user-id': other.id },
    })
    expect(answer.body.id).toBe(ada.id)
  })
})

describe('the public profile', () => {
  it('shows what its owner says, and nothing else', async () => {
    await patch({ ...filled, nickname: 'ada-public' })
    const { status, body } = await users.api.get('/u/ADA-public')
    expect(status).toBe(200)
    expect(body).toEqual({
      nickname: 'ada-public',
      professional: false,
      professionalSince: null,
      firstName: 'Ada',
      bio: filled.bio,
      additional: filled.additional,
      _links: { self: { href: '/u/ada-public' }, qr: { href: '/u/ada-public/qr.png' } },
    })
  })

  it('has a QR code that leads to it', async () => {
    await patch({ nickname: 'ada-public' })
    const { status, headers, body } = await users.api.get('/u/ada-public/qr.png')
    expect([status, headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(readQr(body)).toBe(`${PUBLIC_URL}/u/ada-public`)
  })

  it.each(['nobody-at-all', '%25', '_', 'a'.repeat(90), '..%2f..%2fetc'])('is 404 for %s', async (nickname) => {
    expect(await users.api.get(`/u/${nickname}`)).toMatchObject({ status: 404, body: { error: 'UserNotFound' } })
  })

  it('is 404 for somebody who has not proven their address, or whom staff have locked', async () => {
    const { nickname } = (await users.signUp()).body
    expect((await users.api.get(`/u/${nickname}`)).status).toBe(404)
    const locked = await users.join()
    await users.api.patch('/me', { token: locked.token, body: { nickname: 'locked-one' } })
    await users.db.updateTable('users').set({ locked: true }).where('id', '=', locked.id).execute()
    expect((await users.api.get('/u/locked-one')).status).toBe(404)
  })
})
