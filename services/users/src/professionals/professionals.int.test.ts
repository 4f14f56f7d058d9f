import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, type RunningUsers, startUsers } from '../../test/running-users.ts'

const PROFILE = { firstName: 'Ada', lastName: 'Lovelace', bio: 'Computes.', location: 'London' }
let users: RunningUsers
let admin: Person
let manager: Person

beforeAll(async () => {
  users = await startUsers()
  admin = await users.join()
  manager = await users.join()
  await users.api.patch(`/users/${manager.id}/role`, { token: admin.token, body: { role: 'manager' } })
})

afterAll(() => users?.stop())

async function complete(): Promise<Person> {
  const person = await users.join()
  await users.api.patch('/me', { token: person.token, body: PROFILE })
  return person
}

const ask = ({ token }: Person) => users.api.post('/me/professional-request', { token })
const decide = (id: string, decision: string, { token } = manager, body: unknown = {}) =>
  users.api.post(`/professional-requests/${id}/${decision}`, { token, body })
const open = async () => (await users.api.get('/professional-requests?status=open', { token: manager.token })).body
const facts = async (id: string) =>
  (await users.toldAbout(id)).map(({ type }) => type).filter((type) => type.startsWith('professional.'))
const me = async ({ token }: Person) => (await users.api.get('/me', { token })).body

describe('asking for the professional status', () => {
  it('needs names, bio and location', async () => {
    const person = await users.join()
    await users.api.patch('/me', { token: person.token, body: { ...PROFILE, bio: '  ', location: null } })
    expect(await ask(person)).toMatchObject({
      status: 422,
      body: { error: 'ValidationError', details: { bio: expect.any(String), location: expect.any(String) } },
    })
  })

  it('waits for one decision at a time', async () => {
    const person = await complete()
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(person)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409])
    expect(await facts(person.id)).toEqual(['professional.requested.v1'])
    expect((await open()).items.map(({ user }: { user: { id: string } }) => user.id)).toContain(person.id)
  })

  it('R36: is granted by a manager, and shows everywhere', async () => {
    const person = await complete()
    const { body: request } = await ask(person)
    expect((await decide(request.id, 'grant')).body).toMatchObject({
      decision: 'granted',
      decidedBy: manager.id,
      _links: {},
    })
    expect(await me(person)).toMatchObject({ professional: true, professionalSince: expect.any(String) })
    expect(await facts(person.id)).toEqual(['professional.requested.v1', 'professional.granted.v1'])
    expect(await ask(person)).toMatchObject({ status: 409, body: { error: 'InvalidStatus' } })
    const listed = await users.api.get('/users?status=professional', { token: manager.token })
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toContain(person.id)
  })

  it('is declined with a reason that no topic holds in clear, and can be asked for again', async () => {
    const person = await complete()
    const { body: request } = await ask(person)
    expect((await decide(request.id, 'decline', manager, { reason: 'a canary reason' })).body.decision).toBe('declined')
    expect(JSON.stringify(await users.toldAbout(person.id))).not.toContain('canary')
    expect((await me(person)).professional).toBe(false)
    expect((await ask(person)).status).toBe(201)
  })

  it('is decided by one of two at once', async () => {
    const person = await complete()
    const { body: request } = await ask(person)
    const answers = await Promise.all([decide(request.id, 'grant'), decide(request.id, 'decline', admin)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await facts(person.id)).length).toBe(2)
  })

  it('R36: is nothing that members decide, nor one that is not there', async () => {
    const person = await complete()
    const { body: request } = await ask(person)
    expect((await decide(request.id, 'grant', person)).status).toBe(403)
    const nobody = '01890000-0000-7000-8000-000000000000'
    expect(await decide(nobody, 'grant')).toMatchObject({ status: 404, body: { error: 'NotFound' } })
  })
})

describe('the status itself', () => {
  const path = (id: string) => `/users/${id}/professional`

  it('is given and withdrawn by staff, each once', async () => {
    const { id } = await users.join()
    const grant = () => users.api.post(path(id), { token: manager.token })
    const withdraw = () => users.api.call('DELETE', path(id), { token: manager.token })
    expect([(await grant()).status, (await grant()).status]).toEqual([200, 409])
    expect([(await withdraw()).status, (await withdraw()).status]).toEqual([204, 409])
    expect(await facts(id)).toEqual(['professional.granted.v1', 'professional.withdrawn.v1'])
  })

  it('grants a request that waits', async () => {
    const person = await complete()
    const { body: request } = await ask(person)
    await users.api.post(path(person.id), { token: manager.token })
    const decided = await users.api.get('/professional-requests?status=decided&limit=100', { token: manager.token })
    expect(decided.body.items.find(({ id }: { id: string }) => id === request.id).decision).toBe('granted')
  })
})

describe('the operator status', () => {
  const set = (id: string, operator: boolean) =>
    users.api.call('PUT', `/users/${id}/operator`, { token: admin.token, body: { operator } })

  it('is given and withdrawn by admins; the same again changes nothing', async () => {
    const { id } = await users.join()
    for (const operator of [true, true, false, false]) expect((await set(id, operator)).body.operator).toBe(operator)
    const told = (await users.toldAbout(id)).map(({ type }) => type).filter((type) => type.startsWith('operator.'))
    expect(told).toEqual(['operator.granted.v1', 'operator.withdrawn.v1'])
  })
})
