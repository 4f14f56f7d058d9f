import { newId } from '@rollcall/runtime/ids'
import { readQr } from '@rollcall/testing/qr'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningEvents, type Somebody, startEvents } from '../../test/running-events.ts'

let events: RunningEvents

beforeAll(async () => {
  events = await startEvents()
})

afterAll(() => events?.stop())

const register = (eventId: string, { token }: Somebody, headers: Record<string, string> = {}) =>
  events.api.post(`/events/${eventId}/registrations`, { token, body: { waitlist: false }, headers })

describe('taking a seat', () => {
  it('gives a registration whose title and start are those of the event', async () => {
    const eventId = await events.publish({ title: 'Open <labs>' })
    const attendee = await events.somebody()
    const answer = await register(eventId, attendee)
    expect(answer).toMatchObject({
      status: 201,
      body: {
        eventId,
        status: 'CONFIRMED',
        eventTitle: 'Open <labs>',
        attendee: { userId: attendee.id },
        source: 'online',
      },
    })
    expect((await events.api.get(`/events/${eventId}`)).body).toMatchObject({ registeredCount: 1, seatsLeft: 4 })
  })

  it('is refused twice, and refused when the event is full', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const first = await events.somebody()
    await register(eventId, first)
    expect(await register(eventId, first)).toMatchObject({ status: 409, body: { error: 'AlreadyRegistered' } })
    const late = await events.somebody()
    expect(await register(eventId, late)).toMatchObject({ status: 409, body: { error: 'EventFull' } })
  })

  it('R45: takes one seat for ten parallel requests of one person', async () => {
    const eventId = await events.publish()
    const person = await events.somebody()
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(eventId, person)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)])
    expect((await events.api.get(`/events/${eventId}`)).body.registeredCount).toBe(1)
  })

  it('happens once for one Idempotency-Key', async () => {
    const eventId = await events.publish()
    const person = await events.somebody()
    const headers = { 'idempotency-key': 'my-seat' }
    const answers = await Promise.all([1, 2, 3].map(() => register(eventId, person, headers)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
    expect((await events.api.get(`/events/${eventId}`)).body.registeredCount).toBe(1)
  })

  it('R51: ends when the event begins', async () => {
    const eventId = await events.publish()
    const person = await events.somebody()
    const begun = { start_at: new Date(Date.now() - 1000) }
    await events.db.updateTable('events').set(begun).where('id', '=', eventId).execute()
    expect(await register(eventId, person)).toMatchObject({ status: 409, body: { error: 'RegistrationClosed' } })
  })

  it('leaves nothing behind when it is refused', async () => {
    const eventId = await events.publish({ capacity: 1 })
    const people = await Promise.all([1, 2, 3].map(() => events.somebody()))
    await Promise.all(people.map((person) => register(eventId, person)))
    const rows = await events.db.selectFrom('registrations').select('id').where('event_id', '=', eventId).execute()
    expect(rows).toHaveLength(1)
  })
})

describe('a ticket', () => {
  it('becomes an image that holds the signed code, for its owner alone', async () => {
    const eventId = await events.publish()
    const [owner, stranger] = [await events.somebody(), await events.somebody()]
    const { body } = await register(eventId, owner)
    const path = `/registrations/${body.id}/ticket.png`
    await expect.poll(async () => (await events.api.get(path, owner)).status, { timeout: 45_000 }).toBe(200)
    const image = await events.api.get(path, owner)
    expect(image.headers.get('content-type')).toBe('image/png')
    expect(readQr(image.body)).toBe(body.ticketCode)
    const etag = String(image.headers.get('etag'))
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await events.api.get(path, { ...owner, headers: { 'if-none-match': known } })
      expect([known, again.status]).toEqual([known, 304])
    }
    const other = await events.api.get(path, { ...owner, headers: { 'if-none-match': '"other"' } })
    expect(other.status).toBe(200)
    expect((await events.api.get(path, stranger)).status).toBe(404)
    expect((await events.api.get(`/registrations/${body.id}`, stranger)).status).toBe(404)
    await expect
      .poll(async () => (await events.api.get(`/registrations/${body.id}`, owner)).body._links.ticket)
      .toEqual({ href: path })
  })
})

async function waitingForLocks(db: RunningEvents['db']): Promise<number | undefined> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows[0]?.count
}

describe('the door', () => {
  async function ticketOf(eventId: string) {
    const owner = await events.somebody()
    const { body } = await register(eventId, owner)
    return { owner, registrationId: body.id as string, qrCode: body.ticketCode as string }
  }
  const scan = (body: Record<string, unknown>, { token }: Somebody) => events.api.post('/verify', { token, body })

  it('R54: lets each person in once, also with twenty gates at once', async () => {
    const eventId = await events.publish()
    const manager = await events.somebody('manager')
    const { qrCode, registrationId } = await ticketOf(eventId)
    const scans = await Promise.all(Array.from({ length: 20 }, () => scan({ qrCode, eventId }, manager)))
    const codes = scans.map(({ status, body }) => `${status} ${body.code} ${body.success}`)
    expect(codes.sort()).toEqual([...Array(19).fill('200 already_checked_in false'), '200 checked_in true'])
    expect(new Set(scans.map(({ body }) => body.checkIn.id)).size).toBe(1)
    expect(scans[0]?.body.registration).toMatchObject({ id: registrationId, checkedInAt: expect.any(String) })
    expect((await events.api.get(`/events/${eventId}`)).body.checkedInCount).toBe(1)
  })

  it.each([
    ['not_found', (code: string) => code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['not_found', (code: string) => `${code}=`],
    ['not_found', () => 'RC1.AAAA'],
    ['not_found', () => 'rubbish'],
  ])('says %s to a code that we did not sign', async (verdict, forge) => {
    const { qrCode } = await ticketOf(await events.publish())
    const answer = await scan({ qrCode: forge(qrCode) }, await events.somebody('manager'))
    expect(answer.body).toEqual({ success: false, code: verdict, message: 'This is not a ticket of ours' })
  })

  it('says wrong_event, and nothing of the person, at another event’s door and to another event’s organizer', async () => {
    const { qrCode } = await ticketOf(await events.publish())
    const wrong = { success: false, code: 'wrong_event', message: 'This ticket is for another event' }
    const elsewhere = await scan({ qrCode, eventId: await events.publish() }, await events.somebody('manager'))
    expect(elsewhere.body).toEqual(wrong)
    expect((await scan({ qrCode }, await events.somebody('organizer'))).body).toEqual(wrong)
  })

  it.each([
    ['not_yet', { start_at: new Date(Date.now() + 10 * 3600_000), end_at: new Date(Date.now() + 11 * 3600_000) }],
    ['over', { start_at: new Date(Date.now() - 7200_000), end_at: new Date(Date.now() - 3600_000) }],
    ['not_published', { status: 'CANCELLED' as const, cancelled_by: newId() }],
  ])('says %s', async (code, change) => {
    const eventId = await events.publish()
    const { qrCode } = await ticketOf(eventId)
    await events.db.updateTable('events').set(change).where('id', '=', eventId).execute()
    expect((await scan({ qrCode }, await events.somebody('manager'))).body).toMatchObject({ success: false, code })
  })

  it.each(['cancelled', 'waitlisted'] as const)('says %s', async (code) => {
    const eventId = await events.publish()
    const { qrCode, registrationId } = await ticketOf(eventId)
    const change =
      code === 'cancelled'
        ? { status: 'CANCELLED' as const, cancelled_at: new Date(), cancel_reason: 'attendee' as const }
        : { status: 'WAITLISTED' as const, waitlist_number: 1 }
    await events.db.updateTable('registrations').set(change).where('id', '=', registrationId).execute()
    expect((await scan({ qrCode }, await events.somebody('manager'))).body).toMatchObject({ success: false, code })
  })

  it.each(['\r\n', '\n', '\t', ' '])('takes what a scanner types behind a code: %j', async (typed) => {
    const eventId = await events.publish()
    const manager = await events.somebody('manager')
    const { qrCode } = await ticketOf(eventId)
    const answer = await scan({ qrCode: `\ufeff ${qrCode}${typed}`, eventId }, manager)
    expect(answer.body).toMatchObject({ success: true, code: 'checked_in' })
  })

  it.each([
    ['event', 'not_published'],
    ['registration', 'cancelled'],
    // The control: waiting alone refuses nobody, and the scan does wait with a ticket that was good when it was read.
    ['nothing', 'checked_in'],
  ] as const)('decides a scan in whose moment %s is cancelled by what is so then: %s', async (what, code) => {
    const eventId = await events.publish()
    const manager = await events.somebody('manager')
    const { qrCode, registrationId } = await ticketOf(eventId)
    const scanned = await events.db.transaction().execute(async (tx) => {
      await tx.selectFrom('events').select('id').where('id', '=', eventId).forUpdate().execute()
      const scanning = scan({ qrCode, eventId }, manager)
      // The scan has read the rows as they were, and waits for the lock.
      await expect.poll(() => waitingForLocks(events.db)).toBe(1)
      if (what === 'event')
        await tx
          .updateTable('events')
          .set({ status: 'CANCELLED', cancelled_by: newId() })
          .where('id', '=', eventId)
          .execute()
      if (what === 'registration')
        await tx
          .updateTable('registrations')
          .set({ status: 'CANCELLED', cancelled_at: new Date(), cancel_reason: 'attendee' })
          .where('id', '=', registrationId)
          .execute()
      return { scanning }
    })
    const letIn = code === 'checked_in'
    expect((await scanned.scanning).body).toMatchObject({ success: letIn, code })
    const checkIns = await events.db.selectFrom('check_ins').select('id').where('event_id', '=', eventId).execute()
    expect(checkIns).toHaveLength(letIn ? 1 : 0)
  })

  it('is open to organizers and staff only', async () => {
    expect((await scan({ qrCode: 'x' }, await events.somebody())).status).toBe(403)
  })
})
