import { hours, minutes, seconds } from '@rollcall/runtime/clock'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aClock } from '../../test/a-clock.ts'
import { PASSWORD, type RunningUsers, startUsers } from '../../test/running-users.ts'

const clock = aClock()
let users: RunningUsers

beforeAll(async () => {
  users = await startUsers({ clock })
})

afterAll(() => users?.stop())

const fail = (email: string, times: number, headers: Record<string, string> = {}) =>
  Promise.all(Array.from({ length: times }, () => users.signIn(email, 'wrong', { headers })))

async function failInTurn(email: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) expect((await users.signIn(email, 'wrong')).status).toBe(401)
}

const counters = (id: string) =>
  users.db
    .selectFrom('users')
    .select(['failed_logins', 'locked_until', 'lockouts', 'guesses_pending'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

const locks = async (id: string) => (await users.toldAbout(id)).filter(({ type }) => type === 'account.locked.v1')

describe('wrong passwords', () => {
  it('S17, R22: fifty at once are five guesses; then the right one is refused until the lockout ends', async () => {
    const { id, email } = await users.join()
    const answers = await fail(email, 50)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect(await counters(id)).toMatchObject({ failed_logins: 5, guesses_pending: 0, lockouts: 1 })
    expect(await locks(id)).toHaveLength(1)
    expect(await users.signIn(email)).toMatchObject({ status: 401, body: { error: 'InvalidCredentials' } })
    clock.advance(minutes(15) + seconds(1))
    expect((await users.signIn(email)).status).toBe(200)
  })

  it('S17: would all be compared if those under way did not count: the race is real', async () => {
    const { id, email } = await users.join()
    await sql`
      create function forget_guess() returns trigger language plpgsql as $$
      begin new.guesses_pending := 0; new.locked_until := null; return new; end $$`.execute(users.db)
    await sql`create trigger forget_guess before update on users for each row execute function forget_guess()`.execute(
      users.db,
    )
    try {
      await fail(email, 30)
      expect((await counters(id)).failed_logins).toBeGreaterThan(5)
    } finally {
      await sql`drop trigger forget_guess on users`.execute(users.db)
    }
  })

  it('S18: four, a success and four do not lock out', async () => {
    const { email } = await users.join()
    await failInTurn(email, 4)
    expect((await users.signIn(email)).status).toBe(200)
    await failInTurn(email, 4)
    expect((await users.signIn(email)).status).toBe(200)
  })

  it('S18: lockouts in a row last longer each, up to an hour, and running sessions go on', async () => {
    const { id, email, token, refreshToken } = await users.join()
    const lasted: number[] = []
    for (let lockout = 0; lockout < 4; lockout += 1) {
      await failInTurn(email, 5)
      const { locked_until } = await counters(id)
      lasted.push(Math.round((Number(locked_until) - clock.now().getTime()) / minutes(1)))
      clock.advance(hours(1) + seconds(1))
    }
    expect(lasted).toEqual([15, 30, 60, 60])
    expect((await users.api.get('/me', { token })).status).toBe(200)
    expect((await users.api.post('/auth/refresh', { body: { refreshToken } })).status).toBe(200)
  })

  it('R23: are answered alike for an address that nobody has, also once it would be locked out', async () => {
    const { email } = await users.join()
    for (const address of [email, 'stranger@example.org']) {
      await failInTurn(address, 5)
      const { traceId: _, ...body } = (await users.signIn(address, 'wrong')).body
      expect(body).toMatchObject({ error: 'InvalidCredentials', detail: 'the address or the password is wrong' })
    }
    expect(
      await users.db.selectFrom('stranger_guesses').select(['failed_logins', 'lockouts']).execute(),
    ).toContainEqual({
      failed_logins: 5,
      lockouts: 1,
    })
  })

  it('leave no trace of the address that nobody has', async () => {
    await users.signIn('canary-address@example.org', 'wrong')
    const rows = await users.db.selectFrom('stranger_guesses').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('canary')
  })
})

describe('the right password', () => {
  it('is never counted as wrong in a burst, nor answered otherwise than by 200 or Busy', async () => {
    const { id, email } = await users.join()
    const answers = await Promise.all(Array.from({ length: 30 }, () => users.signIn(email)))
    expect(answers.filter(({ status }) => ![200, 503].includes(status))).toEqual([])
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    expect(await counters(id)).toMatchObject({ failed_logins: 0, guesses_pending: 0 })
  })

  it('is compared again soon after a process died with guesses under way', async () => {
    const { id, email } = await users.join()
    await sql`update users set guesses_pending = 5, guesses_pending_since = ${clock.now()} where id = ${id}`.execute(
      users.db,
    )
    clock.advance(minutes(1) + seconds(1))
    expect((await users.signIn(email)).status).toBe(200)
  })
})

describe('the unlock link', () => {
  const cookieOf = (answer: { headers: Headers }) => String(answer.headers.get('set-cookie')).split(';')[0] ?? ''

  it('S19, R23: works each time, and its browser is not locked out by what others try', async () => {
    const { id, email } = await users.join()
    await failInTurn(email, 5)
    const link = await users.linkOf(id)
    expect((await users.api.get(link)).body).toEqual({ state: 'unlockable' })
    const first = await users.api.post(link)
    expect(first.body).toEqual({ state: 'unlocked' })
    expect(first.headers.get('set-cookie')).toMatch(
      /^__Host-rollcall-browser=[\w-]{43}; .*HttpOnly; Secure; SameSite=Strict/,
    )
    expect((await users.signIn(email)).status).toBe(200)

    const cookie = cookieOf(first)
    await fail(email, 20)
    expect((await users.signIn(email)).status).toBe(401)
    expect((await users.signIn(email, PASSWORD, { headers: { cookie } })).status).toBe(200)

    const again = await users.api.post(link)
    expect(again.body).toEqual({ state: 'unlocked' })
    expect(cookieOf(again)).not.toBe(cookie)
    expect((await users.signIn(email)).status).toBe(200)
    const told = (await users.toldAbout(id)).filter(({ type }) => type === 'account.unlocked.v1')
    expect(told.map(({ data }) => data)).toEqual(Array(2).fill({ userId: id, cause: 'failed-sign-ins', by: 'link' }))
  })

  it('gives a browser no more guesses than anybody has', async () => {
    const { id, email } = await users.join()
    await failInTurn(email, 5)
    const cookie = cookieOf(await users.api.post(await users.linkOf(id)))
    await fail(email, 20, { cookie })
    expect((await users.signIn(email, PASSWORD, { headers: { cookie } })).status).toBe(401)
    // The account itself has not been guessed at.
    expect((await users.signIn(email)).status).toBe(200)
  })

  it('is of no use for somebody else', async () => {
    const [one, other] = [await users.join(), await users.join()]
    await failInTurn(one.email, 5)
    const link = await users.linkOf(one.id)
    expect((await users.api.post(link.replace(one.id, other.id))).status).toBe(400)
    const cookie = cookieOf(await users.api.post(link))
    await fail(other.email, 20)
    expect((await users.signIn(other.email, PASSWORD, { headers: { cookie } })).status).toBe(401)
  })

  it('is mailed three times an hour at most, and earlier ones go on working', async () => {
    const { id, email } = await users.join()
    const links: string[] = []
    for (let lockout = 0; lockout < 5; lockout += 1) {
      await failInTurn(email, 5)
      links.push(await users.linkOf(id))
      expect((await users.api.post(String(links[0]))).status).toBe(200)
    }
    expect(new Set(links).size).toBe(3)
    expect(await locks(id)).toHaveLength(5)
  })
})
