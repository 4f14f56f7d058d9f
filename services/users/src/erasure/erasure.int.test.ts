import { days, minutes, seconds } from '@rollcall/runtime/clock'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aClock } from '../../test/a-clock.ts'
import { PASSWORD, type Person, type RunningUsers, startUsers } from '../../test/running-users.ts'
import { expireAccounts } from './expire-accounts.ts'

const clock = aClock()
let users: RunningUsers
let admin: Person

beforeAll(async () => {
  users = await startUsers({ clock })
  admin = await users.join()
})

afterAll(() => users?.stop())

const remove = (path: string, { token }: Pick<Person, 'token'>, body?: unknown) =>
  users.api.call('DELETE', path, { token, ...(body === undefined ? {} : { body }) })

/** Everything that the database holds, as text. */
async function wholeDatabase(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(users.db)
  const texts = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(users.db)
      return found.rows.map(({ row }) => `${name}: ${row}`)
    }),
  )
  return texts.flat().join('\n')
}

describe('erasing an account', () => {
  it('leaves nothing of the person in the database but a pseudonymous row and what the log says', async () => {
    const email = 'canary-address@example.org'
    const body = {
      email,
      password: PASSWORD,
      nickname: 'canary-nick',
      firstName: 'Canaryfirst',
      lastName: 'Canarylast',
    }
    const { id } = (await users.api.post('/auth/register', { body, headers: { 'idempotency-key': 'canary-key' } })).body
    await users.api.post(await users.linkOf(id))
    const { accessToken: token } = (await users.signIn(email)).body
    await users.api.patch('/me', { token, body: { bio: 'canarybio', location: 'canaryplace' } })
    await users.api.post('/auth/password/forgot', { body: { email } })
    await users.api.patch(`/users/${id}/role`, {
      token: admin.token,
      body: { role: 'organizer', reason: 'canaryreason' },
    })
    await users.api.post('/me/email', { token, body: { email: 'canary-new@example.net' } })

    expect((await remove('/me', { token })).status).toBe(204)
    // What has been told is Kafka's, and kept here for the test alone.
    await sql`delete from outbox`.execute(users.db)
    await sql`delete from told`.execute(users.db)
    const found = (await wholeDatabase()).split('\n').filter((line) => /canary/i.test(line))
    expect(found).toEqual([])
    const row = await users.db.selectFrom('users').select(['id', 'role', 'nickname']).where('id', '=', id).execute()
    expect(row).toEqual([{ id, role: 'anonymous', nickname: expect.stringMatching(/^gone-[0-9a-f]{20}$/) }])
  })

  it('S31: ends every session and way in, tells of it by a tombstone, and frees address and nickname', async () => {
    const ada = await users.join()
    const phone = (await users.signIn(ada.email)).body
    const { nickname } = phone.user
    expect((await remove(`/users/${ada.id}`, admin)).status).toBe(204)
    for (const token of [ada.token, phone.accessToken]) {
      expect((await users.api.get('/me', { token })).status).toBe(401)
    }
    expect((await users.api.post('/auth/refresh', { body: { refreshToken: ada.refreshToken } })).status).toBe(400)
    expect((await users.signIn(ada.email)).status).toBe(401)
    expect((await users.api.get(`/users/${ada.id}`, { token: admin.token })).status).toBe(404)
    expect((await remove(`/users/${ada.id}`, admin)).status).toBe(404)
    const told = await users.toldAbout(ada.id)
    expect(told.slice(-2)).toMatchObject([
      { type: 'user.snapshot.v1', data: null },
      { type: 'user.deleted.v1', data: { userId: ada.id, actorId: admin.id } },
    ])
    expect((await users.signUp({ email: ada.email, nickname })).status).toBe(201)
  })

  it('of one’s own needs the password, or a sign-in of the last five minutes', async () => {
    const ada = await users.join()
    clock.advance(minutes(5) + seconds(1))
    expect((await remove('/me', ada)).status).toBe(422)
    expect((await remove('/me', ada, { password: 'wrong' })).status).toBe(422)
    expect((await remove('/me', ada, { password: PASSWORD })).status).toBe(204)
  })

  it('S39: leaves one admin, also when both erase themselves at once', async () => {
    expect(await remove('/me', admin, { password: PASSWORD })).toMatchObject({
      status: 409,
      body: { error: 'LastAdmin' },
    })
    const other = await users.join()
    await users.api.patch(`/users/${other.id}/role`, { token: admin.token, body: { role: 'admin' } })
    const answers = await Promise.all([admin, other].map((who) => remove('/me', who, { password: PASSWORD })))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
    if (answers[0]?.status === 204) admin = other
  })

  it('S39: leaves one admin when two lock each other at once', async () => {
    const other = await users.join()
    await users.api.patch(`/users/${other.id}/role`, { token: admin.token, body: { role: 'admin' } })
    const lock = (by: Person, id: string) => users.api.post(`/users/${id}/lock`, { token: by.token })
    const answers = await Promise.all([lock(admin, other.id), lock(other, admin.id)])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const active = await users.db
      .selectFrom('users')
      .select('id')
      .where('role', '=', 'admin')
      .where('locked', '=', false)
      .execute()
    expect(active).toHaveLength(1)
    if (answers[0]?.status !== 200) admin = other
  })
})

describe('accounts that nobody verifies', () => {
  const expire = () => {
    const transact = <Result>(work: (tx: never) => Promise<Result>) =>
      users.db.transaction().execute((tx) => work(tx as never))
    return expireAccounts({ transact: transact as never, clock }, 1000)
  }

  it('are erased after seven days; those that staff have made wait', async () => {
    const unverified = (await users.signUp()).body
    const made = (await users.api.post('/users', { token: admin.token, body: { email: 'waits@example.org' } })).body
    const verified = await users.join()
    expect(await expire()).toBe(0)
    clock.advance(days(7) + seconds(1))
    expect(await expire()).toBeGreaterThan(0)
    const erased = async (id: string) =>
      (await users.db.selectFrom('users').select('erased_at').where('id', '=', id).executeTakeFirstOrThrow()).erased_at
    expect(await erased(unverified.id)).not.toBeNull()
    expect([await erased(made.id), await erased(verified.id)]).toEqual([null, null])
    expect((await users.signUp({ email: unverified.email })).status).toBe(201)
  })
})
