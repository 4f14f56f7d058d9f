import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, startEvents } from '../../test/running-events.ts'

let events: RunningEvents

beforeAll(async () => {
  events = await startEvents()
})

afterAll(() => events?.stop())

describe('creating an event', () => {
  it('publishes it at once for a manager and tells of it', async () => {
    const manager = await events.somebody('manager')
    const body = { ...anEvent(), tags: ['Labs'], description: 'Bring *friends*' }
    const answer = await events.api.post('/events', { token: manager.token, body })
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'PUBLISHED', seatsLeft: 5, tags: ['labs'], category: 'other', organizer: { id: manager.id } },
    })
    expect(answer.headers.get('location')).toBe(`/events/${answer.body.id}`)
    const { id } = answer.body
    expect(await events.toldAbout(id)).toMatchObject([
      { type: 'event.snapshot.v1', sequence: 1, data: { eventId: id, status: 'PUBLISHED', title: body.title } },
      { type: 'event.published.v1', sequence: 1, data: { eventId: id } },
    ])
  })

  it('lets one of an organizer wait, visible to them and to managers alone', async () => {
    const [organizer, manager, stranger] = [
      await events.somebody('organizer'),
      await events.somebody('manager'),
      await events.somebody(),
    ]
    const { body } = await events.api.post('/events', { token: organizer.token, body: anEvent() })
    expect(body.status).toBe('PENDING')
    const statusFor = async (token?: string) =>
      (await events.api.get(`/events/${body.id}`, token ? { token } : {})).status
    expect(await statusFor(organizer.token)).toBe(200)
    expect(await statusFor(manager.token)).toBe(200)
    expect(await statusFor(stranger.token)).toBe(404)
    expect(await statusFor()).toBe(404)
  })

  it('is nothing for other people', async () => {
    const { token } = await events.somebody()
    expect(await events.api.post('/events', { token, body: anEvent() })).toMatchObject({ status: 403 })
    expect(await events.api.post('/events', { body: anEvent() })).toMatchObject({ status: 401 })
  })

  it.each([
    ['startAt', { startAt: '2020-01-01T10:00:00Z' }, 'in the future'],
    ['startAt', { startAt: 'tomorrow' }, 'ISO'],
    ['startAt', { startAt: '2099-01-01T10:00:00Z', endAt: '2099-01-02T10:00:00Z' }, 'at most 5 years'],
    ['endAt', { endAt: '2020-01-01T10:00:00Z' }, 'after the start'],
    ['timeZone', { timeZone: 'Mars/Olympus' }, 'IANA'],
    ['capacity', { capacity: 0 }, '>=1'],
    ['category', { category: 'rave' }, 'declared'],
    ['title', { title: '   ' }, 'must not be empty'],
    ['onlineUrl', { onlineUrl: 'http://example.org' }, 'URL'],
    ['organizerId', { organizerId: 'x' }, 'not a known member'],
    ['category', { category: '\u0000' }, 'control characters'],
    ['onlineUrl', { onlineUrl: 'https://example.org/\u0000' }, 'control characters'],
    ['endAt', { endAt: '9999-12-31T23:59:59-12:00' }, 'point in time'],
  ])('refuses %s %j and says why', async (field, override, reason) => {
    const { token } = await events.somebody('manager')
    const answer = await events.api.post('/events', { token, body: { ...anEvent(), ...override } })
    expect(answer).toMatchObject({ status: 422, body: { error: 'ValidationError' } })
    expect(answer.body.details[field]).toContain(reason)
  })

  it('happens once for one Idempotency-Key', async () => {
    const { token } = await events.somebody('manager')
    const options = { token, body: anEvent(), headers: { 'idempotency-key': 'one-event' } }
    const [first, second] = [await events.api.post('/events', options), await events.api.post('/events', options)]
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id } })
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
  })
})

describe('the public list', () => {
  it('gives each published event once, by cursor as by offset', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => events.publish()))
    await events.publish({ visibility: 'unlisted' })
    const { body: all } = await events.api.get('/events?limit=100')
    const listed = all.items.map(({ id }: { id: string }) => id)
    expect(listed).toEqual(expect.arrayContaining(ids))
    expect(all).toMatchObject({ total: listed.length, totalRelation: 'eq', offset: 0 })
    const walked: string[] = []
    for (let path: string | undefined = '/events?limit=2'; path; ) {
      const { body } = await events.api.get(path)
      walked.push(...body.items.map(({ id }: { id: string }) => id))
      path = body._links.next?.href
    }
    expect(walked).toEqual(listed)
    const { body: second } = await events.api.get('/events?limit=2&offset=2')
    expect(second.items.map(({ id }: { id: string }) => id)).toEqual(listed.slice(2, 4))
  })

  it('offers to register only to those who may, while there are seats', async () => {
    const id = await events.publish()
    const { token } = await events.somebody()
    expect((await events.api.get(`/events/${id}`, { token })).body._links.register).toBeDefined()
    expect((await events.api.get(`/events/${id}`)).body._links.register).toBeUndefined()
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['offset=10001', 'offset'],
    ['offset=', 'offset'],
    ['cursor=rubbish', 'cursor'],
    ['cursor=WyIyMDI2LTAxLTAxIl0&offset=1', 'cursor'],
    ['order=asc', 'order'],
  ])('refuses %s', async (query, field) => {
    const answer = await events.api.get(`/events?${query}`)
    expect(answer.status).toBe(422)
    expect(Object.keys(answer.body.details)).toEqual([field])
  })

  it('refuses a malformed id and does not know a foreign one', async () => {
    expect((await events.api.get('/events/rubbish')).status).toBe(422)
    const answer = await events.api.get('/events/01890000-0000-7000-8000-000000000000')
    expect(answer).toMatchObject({ status: 404, body: { error: 'EventNotFound' } })
  })
})
