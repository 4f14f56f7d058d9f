import { message } from '@rollcall/contracts/message'
import { UserSnapshot } from '@rollcall/contracts/users'
import { newId } from '@rollcall/runtime/ids'
import { aUserSnapshot } from '@rollcall/testing/a-user-snapshot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aRegistration } from '../../test/rows.ts'
import { type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents
let manager: Somebody

beforeAll(async () => {
  events = await startEvents()
  manager = await events.somebody('manager')
})
afterAll(() => events?.stop())

const get = (path: string, { token } = manager) => events.api.get(path, { token })
const walkIn = async (eventId: string, email: string, name?: string) =>
  events.api.post('/walk-in', { token: manager.token, body: { eventId, email, ...(name ? { name } : {}) } })

/** One who came, one who did not, one who waits, one who has cancelled, and a guest. */
async function anEventWithPeople() {
  const eventId = await events.publish({ capacity: 2, timeZone: 'Asia/Tokyo' })
  const people = await Promise.all([1, 2, 3].map(() => events.somebody()))
  const ids: string[] = []
  for (const { token } of people) {
    const { body } = await events.api.post(`/events/${eventId}/registrations`, { token })
    ids.push(body.id)
  }
  const [ada, bob, eve] = people as [Somebody, Somebody, Somebody]
  const snapshot = { userId: ada.id, nickname: 'ada-l', firstName: 'Ada', lastName: '=1+1', email: 'ada@example.org' }
  const data = aUserSnapshot(snapshot)
  await events.tell(message(UserSnapshot, { data, sequence: 1, at: new Date() }))
  const known = () => events.db.selectFrom('people').select('id').where('id', '=', ada.id).executeTakeFirst()
  await expect.poll(known, { timeout: 10_000 }).toBeDefined()
  const { body: ticket } = await events.api.get(`/registrations/${ids[0]}`, { token: ada.token })
  await events.api.post('/verify', { token: manager.token, body: { qrCode: ticket.ticketCode } })
  await events.api.call('DELETE', `/registrations/${ids[1]}`, { token: bob.token })
  const override = { eventId, email: `guest-${newId()}@example.org`, name: 'Grace Hopper', overrideCapacity: true }
  const { body: guest } = await events.api.post('/walk-in', { token: manager.token, body: override })
  return { eventId, ids, guestId: guest.registration.id as string, eve }
}

describe('the attendees of an event', () => {
  it('are listed in the order in which they came, filtered and paged, with who they are', async () => {
    const { eventId, ids, guestId } = await anEventWithPeople()
    const path = `/events/${eventId}/attendees`
    const first = await get(`${path}?limit=2`)
    const second = await get(first.body._links.next.href)
    const items = [...first.body.items, ...second.body.items]
    expect(items.map(({ registrationId }) => registrationId)).toEqual([...ids, guestId])
    expect(items.map(({ status }) => status)).toEqual(['CONFIRMED', 'CANCELLED', 'CONFIRMED', 'CONFIRMED'])
    expect(items[0].attendee).toMatchObject({ nickname: 'ada-l', name: 'Ada =1+1', email: 'ada@example.org' })
    expect(items[3].attendee).toMatchObject({ userId: null, name: 'Grace Hopper' })
    const listed = async (query: string) =>
      (await get(`${path}?${query}`)).body.items.map((item: { registrationId: string }) => item.registrationId)
    expect(await listed('status=CANCELLED')).toEqual([ids[1]])
    expect(await listed('checkedIn=true')).toEqual([ids[0], guestId])
    expect(await listed('checkedIn=false&status=CONFIRMED')).toEqual([ids[2]])
    expect(await listed('q=hOPPer')).toEqual([guestId])
    expect(await listed('q=ADA%40example')).toEqual([ids[0]])
    expect(await listed('q=%25')).toEqual([])
    expect((await get(`${path}?checkedIn=maybe`)).status).toBe(422)
  })

  it('are nobody’s business but of whoever manages the event', async () => {
    const eventId = await events.publish()
    const [organizer, member] = [await events.somebody('organizer'), await events.somebody()]
    for (const what of ['attendees', 'attendees.csv', 'attendees.xlsx', 'stats']) {
      expect((await get(`/events/${eventId}/${what}`, organizer)).status).toBe(403)
      expect((await get(`/events/${eventId}/${what}`, member)).status).toBe(403)
      expect((await get(`/events/${newId()}/${what}`)).status).toBe(404)
    }
  })

  it('are exported with the same filters, times in the event’s zone', async () => {
    const { eventId, guestId } = await anEventWithPeople()
    const csv = await get(`/events/${eventId}/attendees.csv?checkedIn=true`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toContain(`attendees-${eventId}.csv`)
    const lines = String(csv.body).trim().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[2]).toContain(guestId)
    expect(lines[1]).toMatch(/ \+09:00,/)
    const xlsx = await get(`/events/${eventId}/attendees.xlsx`)
    expect([xlsx.status, xlsx.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ])
  })

  it('are exported in full, also beyond one part', async () => {
    const eventId = await events.publish({ capacity: 5000 })
    const rows = Array.from({ length: 2500 }, () => aRegistration({ event_id: eventId, created_at: new Date() }))
    await events.db.insertInto('registrations').values(rows).execute()
    const { body: text } = await get(`/events/${eventId}/attendees.csv`)
    const ids = String(text).trim().split('\r\n').slice(1)
    expect(new Set(ids.map((line) => line.slice(0, 36)))).toEqual(new Set(rows.map(({ id }) => id)))
    expect(ids).toHaveLength(2500)
  })
})

describe('the figures of an event', () => {
  it('are those of the list and the export', async () => {
    const { eventId } = await anEventWithPeople()
    const { body } = await get(`/events/${eventId}/stats`)
    const total = async (query: string) => (await get(`/events/${eventId}/attendees?${query}`)).body.total
    expect(body).toMatchObject({ capacity: 2, registered: 3, waitlisted: 0, cancelled: 1, checkedIn: 2, noShows: null })
    expect(body.fillRate).toBe(1.5)
    expect(body.registered).toBe(await total('status=CONFIRMED'))
    expect(body.checkedIn).toBe(await total('status=CONFIRMED&checkedIn=true'))
    const sum = (numbers: number[]) => numbers.reduce((before, one) => before + one, 0)
    expect(sum(body.perDay.map((day: { registrations: number }) => day.registrations))).toBe(await total(''))
    expect(sum(body.perDay.map((day: { cancellations: number }) => day.cancellations))).toBe(1)
    expect(sum(body.arrivals.map((minute: { arrivals: number }) => minute.arrivals))).toBe(2)
    const past = { start_at: new Date(Date.now() - 7200_000), end_at: new Date(Date.now() - 3600_000) }
    await events.db.updateTable('events').set(past).where('id', '=', eventId).execute()
    expect((await get(`/events/${eventId}/stats`)).body.noShows).toBe(1)
  })

  it('are none for an event that nobody knows', async () => {
    const eventId = await events.publish()
    expect((await get(`/events/${eventId}/stats`)).body).toMatchObject({
      ...{ registered: 0, fillRate: 0, perDay: [], arrivals: [] },
    })
    expect((await walkIn(eventId, 'late@example.org')).status).toBe(200)
  })
})
