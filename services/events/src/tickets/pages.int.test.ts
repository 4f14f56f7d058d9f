import { readQr } from '@rollcall/testing/qr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anEvent, type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents
let manager: Somebody

beforeAll(async () => {
  events = await startEvents()
  manager = await events.somebody('manager')
})
afterAll(() => events?.stop())

const page = (path: string, language = 'en') =>
  events.api.get(path, { headers: { accept: 'text/html', 'accept-language': language } })
const cancel = (eventId: string, body: object) =>
  events.api.post(`/events/${eventId}/cancel`, { token: manager.token, body })

async function aTicket(event: Record<string, unknown> = {}) {
  const eventId = await events.publish(event)
  const { token } = await events.somebody()
  const { body } = await events.api.post(`/events/${eventId}/registrations`, { token })
  return { eventId, token, id: body.id as string, code: body.ticketCode as string }
}

describe('the page of an event', () => {
  it('says when, where and how many seats are left, in the reader’s language and the event’s zone', async () => {
    const startAt = '2027-05-07T16:00:00Z'
    const eventId = await events.publish({ startAt, endAt: '2027-05-07T20:00:00Z', capacity: 1200 })
    const { status, headers, body } = await page(`/events/${eventId}`)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers.get('vary')).toMatch(/Accept.*Accept-Language/)
    expect(body).toMatch(/Friday, (7 May|May 7), 2027/)
    expect(body).toContain('1,200 / 1,200')
    const german = (await page(`/events/${eventId}`, 'de')).body
    expect(german).toContain('lang="de"')
    expect(german).toContain('Freie Plätze')
    expect(german).toContain('18:00')
  })

  it('R47: shows every text as text', async () => {
    const title = '<script>alert(1)</script> & "x"'
    const eventId = await events.publish({ title, description: '<img src=x onerror=y>\n**bold**' })
    const { body } = await page(`/events/${eventId}`)
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;')
    expect(body).toContain('&lt;img src=x onerror=y&gt;\n**bold**')
    expect(body).not.toMatch(/<script|<img src=x/)
  })

  it('says that it does not take place, and why', async () => {
    const eventId = await events.publish()
    await cancel(eventId, { reason: 'The speaker is ill.' })
    const { body } = await page(`/events/${eventId}`)
    expect(body).toContain('does not take place')
    expect(body).toContain('The speaker is ill.')
  })

  it('R50: is a page that says no for what is not published', async () => {
    const organizer = await events.somebody('organizer')
    const { body } = await events.api.post('/events', { token: organizer.token, body: anEvent() })
    const refused = await page(`/events/${body.id}`)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  })

  it('is current right after a change, also where it was kept', async () => {
    const { eventId } = await aTicket({ capacity: 3 })
    for (const left of [1, 0]) {
      expect((await page(`/events/${eventId}`)).body).toContain(`${left + 1} / 3`)
      const { token } = await events.somebody()
      await events.api.post(`/events/${eventId}/registrations`, { token })
      const { body } = await events.api.get(`/events/${eventId}`)
      expect(body.seatsLeft).toBe(left)
    }
  })
})

describe('the page of a ticket', () => {
  it('holds the code itself, and nothing about whose it is', async () => {
    const { code, id } = await aTicket()
    const { status, headers, body } = await page(`/tickets/${code}`)
    expect([status, headers.get('cache-control')]).toEqual([200, 'private, no-store'])
    const picture = /src="data:image\/png;base64,([^"]+)"/.exec(body)?.[1] ?? ''
    expect(readQr(Buffer.from(picture, 'base64'))).toBe(code)
    expect(body).not.toMatch(/src="(?!data:)/)
    const asJson = await events.api.get(`/tickets/${code}`)
    expect(asJson.body).toMatchObject({
      status: 'CONFIRMED',
      checkedInAt: null,
      event: { title: 'Night of open labs' },
    })
    expect(JSON.stringify(asJson.body)).not.toContain(id)
  })

  it('R57: says that it is cancelled, used, or none of ours', async () => {
    const used = await aTicket()
    await events.api.post('/verify', { token: manager.token, body: { qrCode: used.code } })
    expect((await page(`/tickets/${used.code}`)).body).toContain('has been used')
    const off = await aTicket()
    await cancel(off.eventId, {})
    const { body } = await page(`/tickets/${off.code}`, 'de-AT')
    expect(body).toContain('Dieser Platz ist abgesagt.')
    expect(body).not.toContain('data:image')
    expect((await page('/tickets/RC1.AAAA')).status).toBe(404)
    expect((await events.api.get('/tickets/rubbish')).body.instance).toBe('/tickets/[redacted]')
  })
})
