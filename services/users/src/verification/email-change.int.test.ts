import { FormerAddress } from '@rollcall/contracts/users'
import { minutes, seconds } from '@rollcall/runtime/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aClock } from '../../test/a-clock.ts'
import { PASSWORD, type Person, type RunningUsers, startUsers } from '../../test/running-users.ts'

const clock = aClock()
let users: RunningUsers
let addresses = 0

beforeAll(async () => {
  users = await startUsers({ clock })
})

afterAll(() => users?.stop())

function another(): string {
  addresses += 1
  return `another-${addresses}@example.net`
}

const ask = ({ token }: Pick<Person, 'token'>, email: string, password: string | undefined = PASSWORD) =>
  users.api.post('/me/email', { token, body: { email, ...(password === undefined ? {} : { password }) } })

const askFresh = ({ token }: Pick<Person, 'token'>, email: string) =>
  users.api.post('/me/email', { token, body: { email } })

describe('another address', () => {
  it('S9, R9: counts once it is confirmed; sessions go on, and the one before is told', async () => {
    const ada = await users.join()
    const email = another()
    expect((await ask(ada, email)).body).toMatchObject({ email: ada.email, pendingEmail: email })
    expect((await users.signIn(email)).status).toBe(401)
    const link = await users.linkOf(ada.id)
    expect((await users.api.get(link)).body).toEqual({ state: 'confirmable' })
    expect((await users.api.post(link)).body).toEqual({ state: 'confirmed' })
    expect((await users.api.get('/me', { token: ada.token })).body).toMatchObject({ email, pendingEmail: null })
    expect((await users.api.post('/auth/refresh', { body: { refreshToken: ada.refreshToken } })).status).toBe(200)
    expect((await users.signIn(ada.email)).status).toBe(401)
    expect((await users.signIn(email)).status).toBe(200)
    const changed = (await users.toldAbout(ada.id)).find(({ type }) => type === 'email.changed.v1')
    expect(FormerAddress.parse(await users.unseal(changed?.data['sealed']))).toEqual({ email: ada.email })
    expect((await users.api.post(link)).status).toBe(400)
  })

  it('S9: needs the password, or a sign-in of the last five minutes', async () => {
    const ada = await users.join()
    expect((await askFresh(ada, another())).status).toBe(200)
    clock.advance(minutes(5) + seconds(1))
    expect(await askFresh(ada, another())).toMatchObject({
      status: 422,
      body: { details: { password: expect.stringMatching(/five minutes/) } },
    })
    expect(await ask(ada, another(), 'wrong')).toMatchObject({
      status: 422,
      body: { details: { password: 'is not your password' } },
    })
    expect((await ask(ada, another())).status).toBe(200)
  })

  it('R12: is refused where another account has it, and nothing changes', async () => {
    const [ada, bob] = [await users.join(), await users.join()]
    expect(await ask(ada, bob.email.toUpperCase())).toMatchObject({ status: 409, body: { error: 'EmailTaken' } })
    expect((await users.api.get('/me', { token: ada.token })).body).toMatchObject({
      email: ada.email,
      pendingEmail: null,
    })
  })

  it('is refused where somebody else has signed up with it meanwhile', async () => {
    const ada = await users.join()
    const email = another()
    await ask(ada, email)
    const link = await users.linkOf(ada.id)
    await users.signUp({ email })
    expect(await users.api.post(link)).toMatchObject({ status: 409, body: { error: 'EmailTaken' } })
    expect((await users.signIn(ada.email)).status).toBe(200)
  })

  it('is given to one of two who confirm it at once', async () => {
    const [ada, bob] = [await users.join(), await users.join()]
    const email = another()
    await Promise.all([ask(ada, email), ask(bob, email)])
    const links = [await users.linkOf(ada.id), await users.linkOf(bob.id)]
    const statuses = await Promise.all(links.map(async (link) => (await users.api.post(link)).status))
    expect(statuses.sort()).toEqual([200, 409])
  })

  it('S7: voids what was mailed to the one before', async () => {
    const ada = await users.join()
    await users.api.post('/auth/password/forgot', { body: { email: ada.email } })
    await expect.poll(() => users.linkOf(ada.id)).toMatch(/^\/auth\/password\/reset/)
    const reset = await users.linkOf(ada.id)
    await ask(ada, another())
    await users.api.post(await users.linkOf(ada.id))
    expect((await users.api.post(reset, { body: { password: 'Another horse 8!' } })).status).toBe(400)
  })

  it('is mailed to three times an hour at most', async () => {
    const ada = await users.join()
    const email = another()
    const statuses: number[] = []
    for (let i = 0; i < 4; i += 1) statuses.push((await ask(ada, email)).status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })
})
