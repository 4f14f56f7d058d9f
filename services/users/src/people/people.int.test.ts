import { days } from '@rollcall/runtime/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aClock } from '../../test/a-clock.ts'
import { PASSWORD, type Person, type RunningUsers, startUsers } from '../../test/running-users.ts'

const clock = aClock()
let users: RunningUsers
let admin: Person
let manager: Person
let otherManager: Person
let member: Person

beforeAll(async () => {
  users = await startUsers({ clock })
  admin = await users.join()
  ;[manager, otherManager, member] = [await users.join(), await users.join(), await users.join()]
  for (const { id } of [manager, otherManager]) await setRole(id, 'manager')
})

afterAll(() => users?.stop())

const setRole = (id: string, role: string) =>
  users.api.patch(`/users/${id}/role`, { token: admin.token, body: { role } })
const list = (search: string, { token } = admin) => users.api.get(`/users${search}`, { token })
const emails = async (search: string, as = admin): Promise<string[]> =>
  (await list(search, as)).body.items.map(({ email }: { email: string }) => email)
const get = (id: string, { token } = admin) => users.api.get(`/users/${id}`, { token })

async function patch(id: string, body: unknown, { token } = admin) {
  const etag = String((await get(id, { ...admin, token })).headers.get('etag'))
  return users.api.patch(`/users/${id}`, { token, body, headers: { 'if-match': etag } })
}

/** Follows `next` to the end. Gives the ids of all pages. */
async function walk(search: string, visit: () => Promise<unknown> = async () => {}): Promise<string[]> {
  const ids: string[] = []
  for (let path: string | undefined = `/users${search}`; path !== undefined; ) {
    const { status, body } = await users.api.get(path, { token: admin.token })
    expect(status).toBe(200)
    ids.push(...body.items.map(({ id }: { id: string }) => id))
    await visit()
    path = body._links.next?.href
  }
  return ids
}

describe('the list of users', () => {
  beforeAll(async () => {
    const named: [string, Record<string, unknown>][] = [
      ['percent-100%@example.net', {}],
      ['percent-1000@example.net', {}],
      ['under_score@example.net', { firstName: 'Grace', lastName: 'Hopper' }],
      ['underXscore@example.net', { firstName: 'Zoë', nickname: 'Queen-of-Hearts' }],
    ]
    for (const [email, more] of named) await users.signUp({ email, ...more })
  })

  it.each<[string, string[]]>([
    ['?q=100%25', ['percent-100%@example.net']],
    ['?q=r_score', ['under_score@example.net']],
    ['?q=HOPPER', ['under_score@example.net']],
    ['?q=zo%C3%8B', ['underXscore@example.net']],
    ['?q=queen-of', ['underXscore@example.net']],
    ['?nickname=of-hearts', ['underXscore@example.net']],
    ['?nickname=hopper', []],
    ['?email=UNDER_', ['under_score@example.net']],
    ['?email=grace', []],
    ['?q=example.net&status=verified', []],
    ['?q=grace&status=unverified&role=anonymous', ['under_score@example.net']],
    ['?q=nobody-at-all', []],
    ['?q=e%0Aq', []],
  ])('R39, S41: finds by %s', async (search, expected) => {
    const answer = await list(search)
    if (search.includes('%0A')) expect(answer.status).toBe(422)
    else expect(await emails(search)).toEqual(expected)
  })

  it('R39: filters by role, status and dates, together and each alone', async () => {
    expect(new Set(await emails('?role=manager'))).toEqual(new Set([manager.email, otherManager.email]))
    expect(await emails('?role=admin')).toEqual([admin.email])
    const tomorrow = encodeURIComponent(new Date(Date.now() + days(1)).toISOString())
    const yesterday = encodeURIComponent(new Date(Date.now() - days(1)).toISOString())
    const total = (await list('')).body.total
    expect((await list(`?createdFrom=${yesterday}&createdTo=${tomorrow}`)).body.total).toBe(total)
    expect((await list(`?createdTo=${yesterday}`)).body).toMatchObject({ items: [], total: 0 })
    expect((await list(`?lastLoginFrom=${yesterday}`)).body.total).toBe(4)
    expect((await list(`?lastLoginFrom=${tomorrow}`)).body.total).toBe(0)
  })

  it.each(['createdAt', '-createdAt', 'lastLoginAt', '-lastLoginAt', 'nickname', '-nickname', 'email', '-email'])(
    'R16, R17: is walked whole by %s, each once, also while rows are updated',
    async (sort) => {
      const all = (await list('?limit=100')).body.items
      const touch = () =>
        users.db
          .updateTable('users')
          .set({ bio: `touched ${Math.random()}` })
          .execute()
      const ids = await walk(`?limit=3&sort=${sort}`, touch)
      expect(ids).toHaveLength(all.length)
      expect(new Set(ids).size).toBe(ids.length)
      const reversed = await walk(`?limit=4&sort=${sort.startsWith('-') ? sort.slice(1) : `-${sort}`}`)
      expect(reversed).toEqual(ids.toReversed())
    },
  )

  it('R17: keeps the filters in its links', async () => {
    const { _links } = (await list('?limit=1&q=example.net&sort=email')).body
    expect(_links.next.href).toMatch(/q=example\.net/)
    expect(_links.next.href).toMatch(/sort=email/)
    expect((await users.api.get(_links.next.href, { token: admin.token })).body.items).toHaveLength(1)
  })

  it.each([
    '?sort=password_hash',
    '?sort=--email',
    '?role=king',
    '?status=gone',
    '?limit=0',
    '?limit=101',
    '?offset=-1',
    '?offset=10001',
    '?cursor=forged',
    '?q=',
    '?unknown=1',
    '?createdFrom=yesterday',
  ])('R15, S41: refuses %s', async (search) => {
    expect(await list(search)).toMatchObject({ status: 422, body: { error: 'ValidationError' } })
  })

  it('S41: takes no cursor of another order', async () => {
    const { _links } = (await list('?limit=1&sort=email')).body
    const cursor = new URL(_links.next.href, 'http://x').searchParams.get('cursor')
    expect((await list(`?sort=-email&cursor=${cursor}`)).status).toBe(422)
    expect((await list(`?sort=nickname&cursor=${cursor}`)).status).toBe(422)
  })

  it('R15: is empty beyond its end', async () => {
    expect((await list('?offset=10000')).body).toMatchObject({ items: [], offset: 10_000 })
  })

  it('R4, S41: has every documented member of each user, and no hash, token or inner counter', async () => {
    const [item] = (await list(`?email=${member.email}`)).body.items
    expect((await get(member.id)).body).toEqual(item)
    const text = JSON.stringify((await list('?limit=100')).body)
    expect(text).not.toMatch(/hash|pepper|\$2b\$|guesses|lockouts|version|search|email_key/i)
  })

  it('S39: shows managers those below manager, and members nothing', async () => {
    const seen = await emails('?limit=100', manager)
    expect(seen).toContain(member.email)
    expect(seen).not.toContain(admin.email)
    expect(seen).not.toContain(otherManager.email)
    expect(seen).not.toContain(manager.email)
    expect((await emails('?role=manager', manager)).length).toBe(0)
    expect((await list('', member)).status).toBe(403)
    expect((await users.api.get('/users')).status).toBe(401)
  })
})

describe('accounts that staff make', () => {
  const make = (body: Record<string, unknown>, { token } = admin, headers: Record<string, string> = {}) =>
    users.api.post('/users', { token, body, headers })

  it('wait for a password, which their owner chooses by a mailed link that verifies the address', async () => {
    const { status, body, headers } = await make(
      { email: 'made@example.org', firstName: 'Made', locale: 'de' },
      manager,
    )
    expect([status, headers.get('location')]).toEqual([201, `/users/${body.id}`])
    expect(body).toMatchObject({ role: 'anonymous', emailVerified: false, firstName: 'Made', locale: 'de' })
    const told = await users.toldAbout(body.id)
    expect(told[1]?.data).toMatchObject({ userId: body.id, madeBy: 'staff', actorId: manager.id })
    expect((await users.signIn('made@example.org', PASSWORD)).status).toBe(401)
    const link = await users.linkOf(body.id)
    expect(link).toMatch(/^\/auth\/password\/set\//)
    expect((await users.api.post(link, { body: { password: PASSWORD } })).body).toEqual({ state: 'chosen' })
    const signedIn = await users.signIn('made@example.org')
    expect(signedIn.body.user).toMatchObject({ emailVerified: true, role: 'authenticated' })
  })

  it('S39: get a role from admins only', async () => {
    expect(await make({ email: 'm1@example.org', role: 'admin' }, manager)).toMatchObject({ status: 403 })
    expect(await make({ email: 'm1@example.org', role: 'organizer' }, manager)).toMatchObject({ status: 403 })
    expect((await make({ email: 'm1@example.org', role: 'manager' })).body.role).toBe('manager')
  })

  it('are made once for one key, and refused for a taken address or nickname', async () => {
    const headers = { 'idempotency-key': 'made-once' }
    const body = { email: 'once@example.org', nickname: 'Only-once' }
    const [first, again] = [await make(body, admin, headers), await make(body, admin, headers)]
    expect(again.body).toEqual(first.body)
    expect(await make({ email: 'ONCE@example.org' })).toMatchObject({ status: 409, body: { error: 'EmailTaken' } })
    expect(await make({ email: 'other-once@example.org', nickname: 'only-ONCE' })).toMatchObject({
      status: 409,
      body: { error: 'NicknameTaken' },
    })
  })

  it.each(['password', 'emailVerified', 'professional', 'id'])('refuse %s', async (name) => {
    expect((await make({ email: 'x@example.org', [name]: 'x' })).body.details).toHaveProperty(name)
  })
})

describe('editing somebody', () => {
  it('changes their profile, tells of it, and needs the state that was read', async () => {
    const { id } = await users.join()
    expect((await users.api.patch(`/users/${id}`, { token: admin.token, body: { bio: 'x' } })).status).toBe(428)
    expect(await patch(id, { bio: 'by staff', nickname: `edited-${id.slice(-6)}` })).toMatchObject({
      status: 200,
      body: { bio: 'by staff' },
    })
    const stale = await users.api.patch(`/users/${id}`, {
      token: admin.token,
      body: { bio: 'y' },
      headers: { 'if-match': '"1.1"' },
    })
    expect(stale.status).toBe(412)
    const told = (await users.toldAbout(id)).filter(({ type }) => type === 'user.updated.v1')
    expect(told.map(({ data }) => data['actorId'])).toEqual([admin.id])
  })

  it('has one of two who have read the same state succeed', async () => {
    const { id } = await users.join()
    const answers = await Promise.all([patch(id, { bio: 'one' }), patch(id, { bio: 'two' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  it('only asks for another address: its owner confirms it', async () => {
    const { id, email } = await users.join()
    const answer = await patch(id, { email: 'moved@example.net' }, manager)
    expect(answer.body).toMatchObject({ email, pendingEmail: 'moved@example.net' })
    await users.api.post(await users.linkOf(id))
    expect((await get(id)).body.email).toBe('moved@example.net')
  })

  it.each(['password', 'role', 'emailVerified', 'locked'])('R14: refuses %s', async (name) => {
    expect(await patch(member.id, { [name]: 'x' })).toMatchObject({ status: 422, body: { details: { [name]: /./ } } })
  })

  it.each<[string, string, unknown]>([
    ['GET', '', undefined],
    ['PATCH', '', { bio: 'x' }],
    ['DELETE', '', undefined],
    ['POST', '/lock', {}],
    ['POST', '/unlock', {}],
    ['POST', '/professional', {}],
    ['DELETE', '/professional', undefined],
  ])('S39, R25: hides whoever is not below manager from managers: %s /users/{id}%s', async (method, path, body) => {
    for (const { id } of [admin, otherManager, manager]) {
      const options = { token: manager.token, headers: { 'if-match': '*' }, ...(body ? { body } : {}) }
      const answer = await users.api.call(method, `/users/${id}${path}`, options)
      expect(answer).toMatchObject({ status: 404, body: { error: 'UserNotFound' } })
    }
  })

  it('S38, S39: leaves roles and operators to admins', async () => {
    const role = await users.api.patch(`/users/${member.id}/role`, {
      token: manager.token,
      body: { role: 'organizer' },
    })
    const operator = await users.api.call('PUT', `/users/${member.id}/operator`, {
      token: manager.token,
      body: { operator: true },
    })
    expect([role.status, operator.status]).toEqual([403, 403])
  })
})

describe('locking', () => {
  const act = (id: string, action: 'lock' | 'unlock', { token } = admin) =>
    users.api.post(`/users/${id}/${action}`, { token, body: { reason: 'spam' } })

  it('S31: ends every session and bars every way in, until staff lift it', async () => {
    const ada = await users.join()
    const phone = (await users.signIn(ada.email)).body
    expect((await act(ada.id, 'lock', manager)).body.locked).toBe(true)
    for (const token of [ada.token, phone.accessToken]) {
      expect((await users.api.get('/me', { token })).status).toBe(401)
    }
    expect((await users.signIn(ada.email)).status).toBe(401)
    expect((await users.api.post('/auth/refresh', { body: { refreshToken: ada.refreshToken } })).status).toBe(400)
    expect(await emails('?status=locked')).toEqual([ada.email])
    expect(await act(ada.id, 'lock')).toMatchObject({ status: 409, body: { error: 'InvalidStatus' } })
    const told = await users.toldAbout(ada.id)
    expect(told.filter(({ type }) => type === 'session.revoked.v1')).toHaveLength(2)
    expect(told.find(({ type }) => type === 'account.locked.v1')?.data).toEqual({
      userId: ada.id,
      cause: 'staff',
      actorId: manager.id,
    })
    expect((await act(ada.id, 'unlock', manager)).body.locked).toBe(false)
    expect((await users.signIn(ada.email)).status).toBe(200)
  })

  it('R23: staff lift a lockout after failed sign-ins as well', async () => {
    const ada = await users.join()
    for (let i = 0; i < 5; i += 1) await users.signIn(ada.email, 'wrong')
    expect((await get(ada.id)).body).toMatchObject({ failedLogins: 5, locked: false, lockedUntil: expect.any(String) })
    expect((await act(ada.id, 'unlock')).body).toMatchObject({ failedLogins: 0, lockedUntil: null })
    expect((await users.signIn(ada.email)).status).toBe(200)
  })

  it('S39: is not done to oneself', async () => {
    expect(await act(admin.id, 'lock')).toMatchObject({ status: 409, body: { error: 'InvalidStatus' } })
  })
})

describe('links', () => {
  it('R43: offer each caller what they may do now', async () => {
    const ada = await users.join()
    const byManager = (await get(ada.id, manager)).body._links
    expect(Object.keys(byManager)).toEqual(expect.arrayContaining(['self', 'update', 'delete', 'lock']))
    expect(byManager).not.toHaveProperty('change-role')
    expect(Object.keys((await get(ada.id)).body._links)).toContain('change-role')
    const own = (await users.api.get('/me', { token: ada.token })).body._links
    expect(own).toMatchObject({ self: { href: '/me' }, update: { href: '/me' }, delete: { href: '/me' } })
    expect(own).not.toHaveProperty('lock')
    expect((await get(admin.id)).body._links).not.toHaveProperty('change-role')
  })
})
