import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, type RunningUsers, startUsers } from '../../test/running-users.ts'

let users: RunningUsers

beforeAll(async () => {
  users = await startUsers({ environment: { SIGNUP_DISCLOSURE: 'private' } })
})

afterAll(() => users?.stop())

const signUp = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  users.api.post('/auth/register', { body: { password: PASSWORD, ...body }, headers })

const idOf = async (email: string) =>
  (await users.db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirstOrThrow()).id

const attempts = async (email: string) =>
  (await users.toldAbout(await idOf(email))).filter(({ type }) => type === 'signup.attempted.v1')

/** What two answers have to have in common. */
function visible({ status, headers, body }: Awaited<ReturnType<typeof signUp>>) {
  const names = [...headers.keys()].filter((name) => !['date', 'x-request-id', 'ratelimit'].includes(name))
  return { status, body, names }
}

describe('signing up where nobody is told which addresses have accounts', () => {
  it('S1: is answered alike for a free and a taken address; the owner of the taken one is told', async () => {
    const free = await signUp({ email: 'ada@example.org' })
    const taken = await signUp({ email: 'Ada@Example.org', firstName: 'Mallory' })
    expect(free).toMatchObject({ status: 202, body: '' })
    expect(visible(taken)).toEqual(visible(free))
    expect(await attempts('ada@example.org')).toHaveLength(1)
    expect(await users.linkOf(await idOf('ada@example.org'))).toMatch(/^\/auth\/verify-email\//)
  })

  it('tells the owner three times an hour at most', async () => {
    for (let i = 0; i < 6; i += 1) await signUp({ email: 'bob@example.org' })
    expect(await attempts('bob@example.org')).toHaveLength(3)
  })

  it('refuses a taken nickname alike, whoever has the address', async () => {
    await signUp({ email: 'carol@example.org', nickname: 'carol-the-first' })
    const [free, taken] = [
      await signUp({ email: 'dave@example.org', nickname: 'Carol-the-First' }),
      await signUp({ email: 'carol@example.org', nickname: 'Carol-the-First' }),
    ]
    expect(free).toMatchObject({ status: 409, body: { error: 'NicknameTaken' } })
    expect(visible({ ...taken, body: taken.body.error })).toEqual(visible({ ...free, body: free.body.error }))
  })

  it('gives a repeated request its answer again, and makes one account', async () => {
    const headers = { 'idempotency-key': 'once-and-for-all' }
    const first = await signUp({ email: 'erin@example.org' }, headers)
    const again = await signUp({ email: 'erin@example.org' }, headers)
    expect([first.status, again.status]).toEqual([202, 202])
    expect(await attempts('erin@example.org')).toEqual([])
  })

  it('takes another account’s address as a free one where it is asked for as a new one', async () => {
    await signUp({ email: 'frank@example.org' })
    await users.api.post(await users.linkOf(await idOf('frank@example.org')))
    const { accessToken: token } = (await users.signIn('frank@example.org')).body
    const ask = (email: string) => users.api.post('/me/email', { token, body: { email } })
    expect([(await ask('ada@example.org')).status, (await ask('nobody@example.org')).status]).toEqual([200, 200])
  })
})
