import { message } from '@rollcall/contracts/message'
import { UserDeleted } from '@rollcall/contracts/users'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents
let manager: Somebody

beforeAll(async () => {
  events = await startEvents()
  manager = await events.somebody('manager')
})
afterAll(() => events?.stop())

const register = (eventId: string, { token }: Somebody, body?: unknown) =>
  events.api.post(`/events/${eventId}/registrations`, { token, ...(body === undefined ? {} : { body }) })
const cancel = (id: string, { token }: Somebody) => events.api.call('DELETE', `/registrations/${id}`, { token })
const read = async (id: string, { token }: Somebody) => (await events.api.get(`/registrations/${id}`, { token })).body
const counts = async (eventId: string) => {
  const { registeredCount, waitlistCount, seatsLeft } = (await events.api.get(`/events/${eventId}`)).body
  return { registeredCount, waitlistCount, seatsLeft }
}
const rows = async (eventId: string) => {
  const found = await events.db.selectFrom('registrations').select('status').where('event_id', '=', eventId).execute()
  const of = (status: string) => found.filter((row) => row.status === status).length
  return { registeredCount: of('CONFIRMED'), waitlistCount: of('WAITLISTED') }
}
const people = (count: number) => Promise.all(Array.from({ length: count }, () => events.somebody()))
const types = async (id: string) => (await events.toldAbout(id)).map(({ type }) => type)

/** Everybody registers, one after the other. Gives the ids. */
async function inOrder(eventId: string, who: Somebody[]): Promise<string[]> {
  const ids: string[] = []
  for (const person of who) ids.push((await register(eventId, person)).body.id)
  return ids
}

async function setCapacity(eventId: string, capacity: number) {
  const headers = { 'if-match': '*' }
  return events.api.patch(`/events/${eventId}`, { token: manager.token, body: { capacity }, headers })
}

describe('a full event', () => {
  it('has people wait in the order in which they come, unless they do not want to', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const [first, second, third, fourth] = (await people(4)) as [Somebody, Somebody, Somebody, Somebody]
    expect((await register(eventId, first)).body).toMatchObject({ status: 'CONFIRMED', waitlistPosition: null })
    expect(await register(eventId, second)).toMatchObject({
      status: 201,
      body: { status: 'WAITLISTED', waitlistPosition: 1, ticketCode: null },
    })
    expect((await register(eventId, third, { waitlist: true })).body).toMatchObject({ waitlistPosition: 2 })
    expect(await register(eventId, fourth, { waitlist: false })).toMatchObject({
      status: 409,
      body: { error: 'EventFull' },
    })
    expect((await register(eventId, second)).body.error).toBe('AlreadyRegistered')
    expect(await counts(eventId)).toEqual({ registeredCount: 1, waitlistCount: 2, seatsLeft: 0 })
  })

  it('tells of who waits, by snapshot and fact', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const [, id] = await inOrder(eventId, await people(2))
    expect(await events.toldAbout(String(id))).toMatchObject([
      { type: 'registration.snapshot.v1', sequence: 1, data: { status: 'WAITLISTED' } },
      { type: 'registration.waitlisted.v1', sequence: 1 },
    ])
  })

  it('shows staff who waits, and nobody else', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const who = await people(4)
    const ids = await inOrder(eventId, who)
    const path = `/events/${eventId}/waitlist`
    const { body } = await events.api.get(`${path}?limit=2`, { token: manager.token })
    const next = await events.api.get(body._links.next.href, { token: manager.token })
    const listed = [...body.items, ...next.body.items].map(({ registrationId }) => registrationId)
    expect([listed, body.total]).toEqual([ids.slice(1), 3])
    expect((await events.api.get(path, { token: (await events.somebody('organizer')).token })).status).toBe(403)
    expect((await events.api.get(path, { token: who[0]?.token ?? '' })).status).toBe(403)
  })
})

describe('giving a place up', () => {
  it('has the first in line get the seat and a ticket, and kills the code', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const [first, second, third] = (await people(3)) as [Somebody, Somebody, Somebody]
    const [one, two, three] = (await inOrder(eventId, [first, second, third])) as [string, string, string]
    const code = (await read(one, first)).ticketCode
    expect((await cancel(one, first)).status).toBe(204)
    expect((await cancel(one, first)).status).toBe(204)
    expect(await read(one, first)).toMatchObject({
      status: 'CANCELLED',
      ticketCode: null,
      cancelledAt: expect.any(String),
    })
    expect(await read(two, second)).toMatchObject({ status: 'CONFIRMED', waitlistPosition: null })
    expect(await read(three, third)).toMatchObject({ status: 'WAITLISTED', waitlistPosition: 1 })
    expect(await counts(eventId)).toEqual({ registeredCount: 1, waitlistCount: 1, seatsLeft: 0 })
    expect((await types(one)).filter((type) => type === 'registration.cancelled.v1')).toHaveLength(1)
    await expect
      .poll(() => types(two), { timeout: 10_000 })
      .toEqual([
        'registration.snapshot.v1',
        'registration.waitlisted.v1',
        'registration.snapshot.v1',
        'registration.promoted.v1',
        'registration.snapshot.v1',
        'ticket.issued.v1',
      ])
    const scan = await events.api.post('/verify', { token: manager.token, body: { qrCode: code } })
    expect(scan.body.code).toBe('cancelled')
  })

  it('R46: lets somebody register again, with another ticket', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const [ada, bob] = (await people(2)) as [Somebody, Somebody]
    const [id] = (await inOrder(eventId, [ada])) as [string]
    const before = (await read(id, ada)).ticketCode
    await cancel(id, ada)
    const again = await register(eventId, ada)
    expect(again).toMatchObject({ status: 201, body: { status: 'CONFIRMED' } })
    expect(again.body.ticketCode).not.toBe(before)
    await cancel(again.body.id, ada)
    await register(eventId, bob)
    expect((await register(eventId, ada)).body).toMatchObject({ status: 'WAITLISTED', waitlistPosition: 1 })
  })

  it('is nothing for others, nor after check-in', async () => {
    const eventId = await events.publish()
    const [ada, bob] = (await people(2)) as [Somebody, Somebody]
    const [id] = (await inOrder(eventId, [ada])) as [string]
    expect(await cancel(id, bob)).toMatchObject({ status: 404, body: { error: 'RegistrationNotFound' } })
    const { ticketCode } = await read(id, ada)
    await events.api.post('/verify', { token: manager.token, body: { qrCode: ticketCode } })
    expect(await cancel(id, ada)).toMatchObject({ status: 409, body: { error: 'AlreadyCheckedIn' } })
  })

  it('of who waits moves those behind up', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const who = await people(4)
    const ids = await inOrder(eventId, who)
    await cancel(String(ids[1]), who[1] as Somebody)
    expect(await read(String(ids[3]), who[3] as Somebody)).toMatchObject({ waitlistPosition: 2 })
    expect(await counts(eventId)).toEqual({ registeredCount: 1, waitlistCount: 2, seatsLeft: 0 })
  })
})

describe('a raised capacity', () => {
  it('promotes those who wait in their order, nobody twice, and newcomers behind them', async () => {
    const eventId = await events.publish({ capacity: 2 })
    const who = await people(130)
    await Promise.all(who.map((person) => register(eventId, person)))
    const order = async () => {
      const { body } = await events.api.get(`/events/${eventId}/waitlist?limit=100`, { token: manager.token })
      return body.items.map(({ registrationId }: { registrationId: string }) => registrationId)
    }
    const waiting = await order()
    expect((await setCapacity(eventId, 122)).status).toBe(200)
    const late = await events.somebody()
    expect((await register(eventId, late)).body.status).toMatch(/WAITLISTED|CONFIRMED/)
    await expect.poll(() => counts(eventId), { timeout: 10_000 }).toMatchObject({ registeredCount: 122 })
    expect(await counts(eventId)).toMatchObject(await rows(eventId))
    const left = await order()
    expect(left).toHaveLength(131 - 122)
    expect(left.some((id: string) => waiting.slice(0, 100).includes(id))).toBe(false)
    const facts = await Promise.all(waiting.slice(0, 20).map((id: string) => types(id)))
    expect(facts.map((told) => told.filter((type: string) => type === 'registration.promoted.v1').length)).toEqual(
      Array(20).fill(1),
    )
  })
})

describe('twenty who come and go at once', () => {
  async function churn(): Promise<string> {
    const eventId = await events.publish({ capacity: 3 })
    const who = await people(20)
    await Promise.all(
      who.map(async (person, index) => {
        const { status, body } = await register(eventId, person)
        expect(status).toBe(201)
        if (index % 2 === 0) expect((await cancel(body.id, person)).status).toBe(204)
      }),
    )
    return eventId
  }

  it('leave counters as the rows are, every seat taken while somebody waits', async () => {
    for (let round = 0; round < 3; round += 1) {
      const eventId = await churn()
      expect(await counts(eventId)).toMatchObject(await rows(eventId))
      expect(await counts(eventId)).toEqual({ registeredCount: 3, waitlistCount: 7, seatsLeft: 0 })
    }
  })
})

describe('an account that is deleted', () => {
  it('R58: gives up its places at events to come, whoever waits moves up, and each place tells of it', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const [ada, bob] = (await people(2)) as [Somebody, Somebody]
    const [one, two] = (await inOrder(eventId, [ada, bob])) as [string, string]
    const used = await events.publish()
    const [here] = (await inOrder(used, [ada])) as [string]
    const { ticketCode } = await read(here, ada)
    await events.api.post('/verify', { token: manager.token, body: { qrCode: ticketCode } })
    await events.tell(message(UserDeleted, { data: { userId: ada.id }, sequence: 2, at: new Date() }))
    await expect.poll(() => types(one), { timeout: 15_000 }).toContain('registration.cancelled.v1')
    const told = (await events.toldAbout(one)).find(({ type }) => type === 'registration.cancelled.v1')
    expect(told?.data).toMatchObject({ actorId: ada.id, reason: 'attendee_deleted' })
    expect((await read(two, bob)).status).toBe('CONFIRMED')
    expect(await types(here)).not.toContain('registration.cancelled.v1')
  })
})

describe('my registrations', () => {
  it('R62: are the latest first, with what has been given up, as they were told, paged', async () => {
    const ada = await events.somebody()
    const ids: string[] = []
    for (const title of ['One', 'Two', 'Three']) ids.push(...(await inOrder(await events.publish({ title }), [ada])))
    await cancel(String(ids[1]), ada)
    const list = (path: string) => events.api.get(path, { token: ada.token })
    const { body } = await list('/me/registrations?limit=2')
    const next = await list(body._links.next.href)
    const items = [...body.items, ...next.body.items]
    expect(items.map(({ eventTitle, status }) => `${eventTitle} ${status}`)).toEqual([
      'Three CONFIRMED',
      'Two CANCELLED',
      'One CONFIRMED',
    ])
    expect(body.total).toBe(3)
    expect((await events.api.get('/me/registrations')).status).toBe(401)
  })
})
