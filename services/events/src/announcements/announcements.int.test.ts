import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents
let manager: Somebody

beforeAll(async () => {
  events = await startEvents()
  manager = await events.somebody('manager')
})
afterAll(() => events?.stop())

const register = async (eventId: string, { token }: Somebody): Promise<string> =>
  (await events.api.post(`/events/${eventId}/registrations`, { token })).body.id
const edit = (eventId: string, body: object) =>
  events.api.patch(`/events/${eventId}`, { token: manager.token, body, headers: { 'if-match': '*' } })
const cancel = (eventId: string, { token } = manager, body?: unknown) =>
  events.api.post(`/events/${eventId}/cancel`, { token, ...(body ? { body } : {}) })
const remove = (eventId: string, { token } = manager) => events.api.call('DELETE', `/events/${eventId}`, { token })
const read = async (id: string, { token }: Somebody) => (await events.api.get(`/registrations/${id}`, { token })).body
const facts = async (id: string, type: string) => (await events.toldAbout(id)).filter((told) => told.type === type)
const announced = (eventId: string) =>
  expect
    .poll(() => events.db.selectFrom('events').select('announcing').where('id', '=', eventId).executeTakeFirst(), {
      timeout: 15_000,
    })
    .toEqual({ announcing: false })

describe('a cancelled event', () => {
  it('R57: takes each place, tells whoever had one, and shows the ticket as cancelled', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const [ada, bob, eve] = await Promise.all([1, 2, 3].map(() => events.somebody()))
    const [seat, line, gone] = [ada, bob, eve] as Somebody[]
    const ids = [await register(eventId, seat as Somebody), await register(eventId, line as Somebody)]
    const left = await register(eventId, gone as Somebody)
    await events.api.call('DELETE', `/registrations/${left}`, { token: String(gone?.token) })
    const code = (await read(String(ids[0]), seat as Somebody)).ticketCode

    const { status, body } = await cancel(eventId, manager, { reason: 'The speaker is ill.' })
    expect([status, body.status, body.cancellationReason]).toEqual([200, 'CANCELLED', 'The speaker is ill.'])
    expect(Object.keys(body._links)).toEqual(['self'])
    await announced(eventId)
    for (const id of ids) {
      expect(await facts(id, 'registration.cancelled.v1')).toMatchObject([
        { data: { actorId: manager.id, reason: 'event_cancelled', sealed: expect.any(String) } },
      ])
    }
    expect(JSON.stringify(await events.toldAbout(String(ids[0])))).not.toContain('ill')
    expect(await facts(left, 'registration.cancelled.v1')).toMatchObject([{ data: { reason: 'attendee' } }])
    expect(await read(String(ids[0]), seat as Somebody)).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'event_cancelled',
      ticketCode: null,
    })
    const { body: event } = await events.api.get(`/events/${eventId}`)
    expect(event).toMatchObject({ registeredCount: 0, waitlistCount: 0 })
    const scan = await events.api.post('/verify', { token: manager.token, body: { qrCode: code } })
    expect(scan.body.code).toBe('cancelled')
    expect(await facts(eventId, 'event.cancelled.v1')).toHaveLength(1)
    expect(await facts(eventId, 'audit.recorded.v1')).toMatchObject([{ data: { action: 'cancel' } }])
  })

  it('takes no registration, is cancelled once, and by nobody whose it is not', async () => {
    const eventId = await events.publish()
    expect((await cancel(eventId, await events.somebody('organizer'))).status).toBe(403)
    expect((await cancel(eventId)).status).toBe(200)
    expect((await cancel(eventId)).body.error).toBe('InvalidStatus')
    const late = await events.somebody()
    const { body } = await events.api.post(`/events/${eventId}/registrations`, { token: late.token })
    expect(body.error).toBe('EventNotPublished')
  })

  it('leaves nobody out who registers at the same moment', async () => {
    const eventId = await events.publish({ capacity: 60 })
    const people = await Promise.all(Array.from({ length: 40 }, () => events.somebody()))
    const ids: string[] = []
    const registering = people.map(async (person, index) => {
      if (index === 20) await cancel(eventId)
      const { status, body } = await events.api.post(`/events/${eventId}/registrations`, { token: person.token })
      if (status === 201) ids.push(body.id)
    })
    await Promise.all(registering)
    await announced(eventId)
    for (const id of ids) expect(await facts(id, 'registration.cancelled.v1'), id).toHaveLength(1)
    expect(ids.length).toBeGreaterThan(0)
  })
})

describe('deleting an event', () => {
  it('R58: cancels one for which people registered, and lets go of the others', async () => {
    const [used, unused] = [await events.publish(), await events.publish()]
    const ada = await events.somebody()
    const id = await register(used, ada)
    expect(await remove(used)).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
    expect(await remove(used)).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
    await announced(used)
    expect((await read(id, ada)).status).toBe('CANCELLED')
    expect((await remove(unused)).status).toBe(204)
    expect((await remove(unused)).status).toBe(404)
    expect((await events.api.get(`/events/${unused}`)).status).toBe(404)
    expect((await events.toldAbout(unused)).slice(-2)).toMatchObject([
      { type: 'event.snapshot.v1', sequence: 2, data: null },
      { type: 'event.deleted.v1', sequence: 2, data: { actorId: manager.id } },
    ])
  })
})

describe('an event that is moved', () => {
  it('tells everybody who holds a place once, beside what they were told before', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const [ada, bob] = (await Promise.all([events.somebody(), events.somebody()])) as [Somebody, Somebody]
    const ids = [await register(eventId, ada), await register(eventId, bob)]
    const before = (await read(String(ids[0]), ada)).eventStartAt
    const startAt = new Date(Date.parse(before) + 600_000).toISOString()
    expect((await edit(eventId, { startAt, location: 'Small hall', title: 'Later' })).status).toBe(200)
    await announced(eventId)
    for (const id of ids) {
      expect(await facts(id, 'registration.rescheduled.v1')).toMatchObject([
        {
          data: {
            fields: ['startAt', 'location'],
            previousStartAt: before,
            eventVersion: 2,
            sealed: expect.any(String),
          },
        },
      ])
    }
    expect(await read(String(ids[0]), ada)).toMatchObject({ eventStartAt: startAt, eventTitle: 'Later' })
  })

  it('tells nobody of what is as they know it: another title, moved away and back, registered since', async () => {
    const eventId = await events.publish()
    const ada = await events.somebody()
    const id = await register(eventId, ada)
    await edit(eventId, { title: 'Other words' })
    await edit(eventId, { location: 'Elsewhere' })
    await edit(eventId, { location: 'Main hall' })
    const bob = await events.somebody()
    const late = await register(eventId, bob)
    await announced(eventId)
    const told = await facts(id, 'registration.rescheduled.v1')
    // A round may have come in between: then both moves are told, never one alone.
    expect([0, 2]).toContain(told.length)
    expect(await facts(late, 'registration.rescheduled.v1')).toEqual([])
  })

  it('tells nobody while it is not published', async () => {
    const organizer = await events.somebody('organizer')
    const { body } = await events.api.post('/events', { token: organizer.token, body: anEvent() })
    await edit(body.id, { location: 'Elsewhere' })
    const row = await events.db.selectFrom('events').select('announcing').where('id', '=', body.id).executeTakeFirst()
    expect(row).toEqual({ announcing: false })
  })
})
