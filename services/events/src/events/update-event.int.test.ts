import { minutes } from '@rollcall/runtime/clock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents
let organizer: Somebody
let manager: Somebody

beforeAll(async () => {
  events = await startEvents()
  organizer = await events.somebody('organizer')
  manager = await events.somebody('manager')
})
afterAll(() => events?.stop())

async function create(by: Somebody, overrides: Record<string, unknown> = {}): Promise<string> {
  return (await events.api.post('/events', { token: by.token, body: { ...anEvent(), ...overrides } })).body.id
}

const read = (id: string, { token }: Somebody) => events.api.get(`/events/${id}`, { token })

async function edit(id: string, body: unknown, by: Somebody) {
  const etag = String((await read(id, by)).headers.get('etag'))
  return events.api.patch(`/events/${id}`, { token: by.token, body, headers: { 'if-match': etag } })
}

describe('editing an event', () => {
  it('changes what has been sent, tells of it and of which fields', async () => {
    const id = await create(organizer, { tags: ['labs'] })
    const answer = await edit(id, { title: 'Night of closed labs', tags: ['labs'], onlineUrl: null }, organizer)
    expect(answer).toMatchObject({ status: 200, body: { title: 'Night of closed labs', status: 'PENDING' } })
    const told = await events.toldAbout(id)
    expect(told.slice(-2)).toMatchObject([
      { type: 'event.snapshot.v1', sequence: 2, data: { title: 'Night of closed labs' } },
      { type: 'event.updated.v1', sequence: 2, data: { actorId: organizer.id, fields: ['title'] } },
    ])
    expect((await edit(id, { title: 'Night of closed labs' }, organizer)).status).toBe(200)
    expect(await events.toldAbout(id)).toHaveLength(told.length)
  })

  it('keeps a published event published, and leaves a row for the audit log', async () => {
    const id = await create(manager)
    expect((await edit(id, { location: 'Small hall' }, manager)).body.status).toBe('PUBLISHED')
    const entry = (await events.toldAbout(id)).find(({ type }) => type === 'audit.recorded.v1')
    expect(entry?.data).toMatchObject({ actorId: manager.id, action: 'update', targetType: 'event', targetId: id })
  })

  it('needs the state that was read, which a registration does not spoil', async () => {
    const id = await create(manager)
    const body = { title: 'Another' }
    expect((await events.api.patch(`/events/${id}`, { token: manager.token, body })).status).toBe(428)
    const etag = String((await read(id, manager)).headers.get('etag'))
    const { token } = await events.somebody()
    await events.api.post(`/events/${id}/registrations`, { token, body: { waitlist: false } })
    const headers = { 'if-match': etag }
    expect((await events.api.patch(`/events/${id}`, { token: manager.token, body, headers })).status).toBe(200)
    expect((await events.api.patch(`/events/${id}`, { token: manager.token, body, headers })).status).toBe(412)
  })

  it('R49: leaves no fewer seats than are taken, however many register at once', async () => {
    const id = await create(manager, { capacity: 10 })
    const people = await Promise.all(Array.from({ length: 10 }, () => events.somebody()))
    const register = ({ token }: Somebody) =>
      events.api.post(`/events/${id}/registrations`, { token, body: { waitlist: false } })
    await Promise.all(people.slice(0, 3).map(register))
    expect(await edit(id, { capacity: 2 }, manager)).toMatchObject({
      status: 409,
      body: { error: 'CapacityBelowTaken' },
    })
    const [lowered] = await Promise.all([edit(id, { capacity: 4 }, manager), ...people.slice(3).map(register)])
    const { capacity, registeredCount } = (await read(id, manager)).body
    expect(registeredCount).toBeLessThanOrEqual(capacity)
    expect(lowered?.status).toBe(capacity === 4 ? 200 : 409)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['startAt', { startAt: '2020-01-01T10:00:00Z' }, 'in the future'],
    ['endAt', { endAt: '2020-01-01T10:00:00Z' }, 'after the start'],
    ['title', { title: null }, 'expected string'],
    ['title', { title: ' ' }, 'must not be empty'],
    ['capacity', { capacity: '5' }, 'expected number'],
    ['capacity', { capacity: 5.5 }, 'expected int'],
    ['category', { category: 'rave' }, 'declared'],
    ['status', { status: 'PUBLISHED' }, 'not a known member'],
    ['organizerId', { organizerId: 'x' }, 'not a known member'],
    ['reminders', { reminders: [1, 2, 3, 4, 5, 6] }, '<=5'],
    ['registrationClosesAt', { registrationClosesAt: '2099-01-01T10:00:00Z' }, 'after the end'],
    ['registrationOpensAt', { registrationOpensAt: '2099-01-01T10:00:00Z' }, 'before the end'],
  ])('R48: refuses %s as %j and says why', async (field, body, reason) => {
    const answer = await edit(await create(manager), body, manager)
    expect(answer).toMatchObject({ status: 422, body: { error: 'ValidationError' } })
    expect(JSON.stringify(answer.body.details)).toContain(field)
    expect(String(answer.body.details[field])).toContain(reason)
  })

  it('R59: is for who manages it: others’ published events are 403, what waits is 404', async () => {
    const other = await events.somebody('organizer')
    const published = await create(manager)
    const headers = { 'if-match': '*' }
    const patch = (id: string, { token }: Somebody) =>
      events.api.patch(`/events/${id}`, { token, body: { title: 'Mine' }, headers })
    expect((await patch(published, other)).status).toBe(403)
    expect((await patch(await create(organizer), other)).status).toBe(404)
    expect((await patch(published, await events.somebody())).status).toBe(403)
  })
})

describe('when registration opens and closes', () => {
  const inMinutes = (count: number) => new Date(Date.now() + minutes(count)).toISOString()

  it.each([
    ['before it opens', { registrationOpensAt: inMinutes(10) }, 'not opened'],
    ['once it is closed', { registrationClosesAt: new Date(Date.now() - 1000).toISOString() }, 'closed'],
  ])('nobody registers %s', async (_, times, reason) => {
    const id = await create(manager, times)
    const { token } = await events.somebody()
    const answer = await events.api.post(`/events/${id}/registrations`, { token, body: { waitlist: false } })
    expect(answer).toMatchObject({ status: 409, body: { error: 'RegistrationClosed' } })
    expect(answer.body.detail).toContain(reason)
    expect((await events.api.get(`/events/${id}`, { token })).body._links.register).toBeUndefined()
  })
})

describe('the state of an event', () => {
  it('has another tag for every change that a caller sees, and is not sent again', async () => {
    const id = await create(manager)
    const first = await events.api.get(`/events/${id}`)
    const etag = String(first.headers.get('etag'))
    expect(first.headers.get('cache-control')).toBe('no-cache')
    expect((await read(id, manager)).headers.get('cache-control')).toBe('private, no-cache')
    const again = (tag: string) => events.api.get(`/events/${id}`, { headers: { 'if-none-match': tag } })
    expect([(await again(etag)).status, (await again(`"x", W/${etag}`)).status, (await again('*')).status]).toEqual([
      304, 304, 304,
    ])
    const { token } = await events.somebody()
    await events.api.post(`/events/${id}/registrations`, { token, body: { waitlist: false } })
    expect((await again(etag)).status).toBe(200)
    expect((await again('rubbish')).status).toBe(200)
  })

  it('R60: tells a list apart from one that has changed, and one caller’s from another’s', async () => {
    const id = await create(manager)
    const list = (headers = {}, token?: string) =>
      events.api.get('/events?limit=100', { headers, ...(token ? { token } : {}) })
    const first = await list()
    expect(first.headers.get('cache-control')).toBe('no-cache')
    const have = { 'if-none-match': String(first.headers.get('etag')) }
    expect((await list(have)).status).toBe(304)
    expect((await list(have, manager.token)).status).toBe(200)
    await edit(id, { title: 'Changed' }, manager)
    expect((await list(have)).status).toBe(200)
  })
})
