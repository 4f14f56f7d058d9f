import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, type RunningUsers, startUsers } from '../../test/running-users.ts'

let users: RunningUsers
let admin: Person

beforeAll(async () => {
  users = await startUsers()
  admin = await users.join()
})

afterAll(() => users?.stop())

describe('changing roles', () => {
  it('lets an admin change a role and tells of it with the reason sealed', async () => {
    const { id } = await users.join()
    const body = { role: 'manager', reason: 'runs the summer school' }
    const answer = await users.api.patch(`/users/${id}/role`, { token: admin.token, body })
    expect(answer).toMatchObject({ status: 200, body: { role: 'manager' } })
    const fact = (await users.toldAbout(id)).find(({ type }) => type === 'role.changed.v1')
    expect(fact?.data).toMatchObject({ userId: id, from: 'authenticated', to: 'manager', actorId: admin.id })
    expect(JSON.stringify(fact)).not.toContain('summer')
  })

  it.each(['authenticated', 'organizer', 'manager', 'admin'])(
    'R5: signs a %s in, and says so in the token',
    async (role) => {
      const { id, email } = await users.join()
      await users.api.patch(`/users/${id}/role`, { token: admin.token, body: { role } })
      const { status, body } = await users.signIn(email)
      expect([status, body.user.role, decodeJwt(body.accessToken)['role']]).toEqual([200, role, role])
      await users.api.patch(`/users/${id}/role`, { token: admin.token, body: { role: 'authenticated' } })
    },
  )

  it('R40, R25: refuses everybody else, unknown people and one’s own role', async () => {
    const { id, token } = await users.join()
    const body = { role: 'admin' }
    expect(await users.api.patch(`/users/${id}/role`, { token, body })).toMatchObject({
      status: 403,
      body: { error: 'Forbidden' },
    })
    expect(
      await users.api.patch(`/users/${admin.id}/role`, { token: admin.token, body: { role: 'manager' } }),
    ).toMatchObject({
      status: 409,
      body: { error: 'OwnRole' },
    })
    const nobody = '01890000-0000-7000-8000-000000000000'
    expect(await users.api.patch(`/users/${nobody}/role`, { token: admin.token, body })).toMatchObject({
      status: 404,
      body: { error: 'UserNotFound' },
    })
    expect((await users.api.patch('/users/rubbish/role', { token: admin.token, body })).status).toBe(422)
  })

  it('S39: keeps an admin when two demote each other at once', async () => {
    const other = await users.join()
    await users.api.patch(`/users/${other.id}/role`, { token: admin.token, body: { role: 'admin' } })
    const answers = await Promise.all([
      users.api.patch(`/users/${other.id}/role`, { token: admin.token, body: { role: 'manager' } }),
      users.api.patch(`/users/${admin.id}/role`, { token: other.token, body: { role: 'manager' } }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    const { count } = await users.db
      .selectFrom('users')
      .select((builder) => builder.fn.countAll<number>().as('count'))
      .where('role', '=', 'admin')
      .executeTakeFirstOrThrow()
    expect(count).toBe(1)
    if (answers[0]?.status !== 200) admin = other
  })
})
