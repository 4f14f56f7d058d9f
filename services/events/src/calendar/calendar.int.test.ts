import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents
let manager: Somebody

beforeAll(async () => {
  events = await startEvents()
  manager = await events.somebody('manager')
})
afterAll(() => events?.stop())

const get = (path: string, options = {}) => events.api.get(path, options)
const edit = (eventId: string, body: object) =>
  events.api.patch(`/events/${eventId}`, { token: manager.token, body, headers: { 'if-match': '*' } })
const lineOf = (ics: string, name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(ics)?.[1]?.trim()

describe('the calendar of an event', () => {
  it('is for everybody who may see the event, and is told apart by its tag', async () => {
    const eventId = await events.publish({ title: 'Ideas; many, new' })
    const path = `/events/${eventId}/calendar.ics`
    const { status, headers, body } = await get(path)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(lineOf(body, 'SUMMARY')).toBe('Ideas\\; many\\, new')
    const again = { headers: { 'if-none-match': String(headers.get('etag')) } }
    expect((await get(path, again)).status).toBe(304)
    await edit(eventId, { title: 'Other' })
    expect((await get(path, again)).status).toBe(200)
  })

  it('R50: is nothing for strangers while it is not published', async () => {
    const organizer = await events.somebody('organizer')
    const { body } = await events.api.post('/events', { token: organizer.token, body: anEvent() })
    expect((await get(`/events/${body.id}/calendar.ics`)).status).toBe(404)
    expect((await get(`/events/${body.id}/calendar.ics`, { token: organizer.token })).status).toBe(200)
    expect((await get('/events.ics')).body).not.toContain(body.id)
  })

  it('has a sequence that rises with each change, the same uid, and is cancelled with the event', async () => {
    const eventId = await events.publish()
    const read = async () => (await get(`/events/${eventId}/calendar.ics`)).body as string
    const before = await read()
    await edit(eventId, { location: 'Elsewhere' })
    const after = await read()
    expect(lineOf(after, 'UID')).toBe(lineOf(before, 'UID'))
    expect(Number(lineOf(after, 'SEQUENCE'))).toBeGreaterThan(Number(lineOf(before, 'SEQUENCE')))
    await events.api.post(`/events/${eventId}/cancel`, { token: manager.token })
    expect([lineOf(await read(), 'METHOD'), lineOf(await read(), 'STATUS')]).toEqual(['CANCEL', 'CANCELLED'])
  })
})

describe('the feed', () => {
  it('has what the list has, by the same filters, and what was called off as cancelled', async () => {
    const tags = [`feed-${Date.now()}`]
    const [one, two] = [await events.publish({ tags }), await events.publish({ tags })]
    const hidden = await events.publish({ tags, visibility: 'unlisted' })
    await events.api.post(`/events/${two}/cancel`, { token: manager.token })
    const { body } = await get(`/events.ics?tag=${tags[0]}`)
    expect(body.match(/BEGIN:VEVENT/g)).toHaveLength(2)
    expect(body).toContain(one)
    expect(body).toMatch(new RegExp(`UID:${two}[^]*STATUS:CANCELLED`))
    expect(body).not.toContain(hidden)
    expect((await get('/events.ics?nothing=1')).status).toBe(422)
  })
})

describe('the calendar of a registration', () => {
  it('is its holder’s alone, and takes the event out again when the place is given up', async () => {
    const eventId = await events.publish()
    const [ada, bob] = (await Promise.all([events.somebody(), events.somebody()])) as [Somebody, Somebody]
    const { body: registration } = await events.api.post(`/events/${eventId}/registrations`, { token: ada.token })
    const path = `/registrations/${registration.id}/calendar.ics`
    const read = async () => (await get(path, { token: ada.token })).body as string
    const before = await read()
    expect([lineOf(before, 'METHOD'), lineOf(before, 'STATUS')]).toEqual(['PUBLISH', 'CONFIRMED'])
    expect((await get(path, { token: bob.token })).status).toBe(404)
    expect((await get(path)).status).toBe(401)
    await events.api.call('DELETE', `/registrations/${registration.id}`, { token: ada.token })
    const after = await read()
    expect([lineOf(after, 'METHOD'), lineOf(after, 'STATUS')]).toEqual(['CANCEL', 'CANCELLED'])
    expect(lineOf(after, 'UID')).toBe(lineOf(before, 'UID'))
    expect(Number(lineOf(after, 'SEQUENCE'))).toBeGreaterThan(Number(lineOf(before, 'SEQUENCE')))
  })
})
