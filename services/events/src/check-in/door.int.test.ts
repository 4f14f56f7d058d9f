import { randomUUID } from 'node:crypto'
import { message } from '@rollcall/contracts/message'
import { UserSnapshot } from '@rollcall/contracts/users'
import { aUserSnapshot, type UserSnapshotData } from '@rollcall/testing/a-user-snapshot'
import { sql } from 'kysely'
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

const scan = (body: object, { token } = manager) => events.api.post('/verify', { token, body })
const walkIn = (body: object, { token } = manager) => events.api.post('/walk-in', { token, body })
const undo = (eventId: string, checkInId: string, { token } = manager) =>
  events.api.call('DELETE', `/events/${eventId}/check-ins/${checkInId}`, { token })
const eventOf = async (id: string) => (await events.api.get(`/events/${id}`)).body
const types = async (id: string) => (await events.toldAbout(id)).map(({ type }) => type)
const someAddress = () => `door-${randomUUID()}@example.org`

async function register(eventId: string, person?: Somebody) {
  const { token } = person ?? (await events.somebody())
  const { body } = await events.api.post(`/events/${eventId}/registrations`, { token })
  return body as { id: string; ticketCode: string; status: string }
}

/** Somebody whom the service knows with their address. */
async function known(changes: Partial<UserSnapshotData> = {}) {
  const person = await events.somebody()
  const email = changes.email ?? someAddress()
  const data = aUserSnapshot({ userId: person.id, email, emailVerified: true, ...changes })
  await events.tell(message(UserSnapshot, { data, sequence: 1, at: new Date() }))
  const row = () => events.db.selectFrom('people').select('id').where('id', '=', person.id).executeTakeFirst()
  await expect.poll(row, { timeout: 10_000 }).toBeDefined()
  return { ...person, email, nickname: data.nickname }
}

describe('a scan', () => {
  it('that a gate sends again with its nonce is the same scan, with the same answer', async () => {
    const eventId = await events.publish()
    const { ticketCode: qrCode } = await register(eventId)
    const first = { qrCode, eventId, nonce: 'n1', gate: 'North' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => scan(first)))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(answers[0]?.body).toMatchObject({ code: 'checked_in', checkIn: { gate: 'North' } })
    expect((await scan({ ...first, nonce: 'n2' })).body).toMatchObject({
      code: 'already_checked_in',
      checkIn: answers[0]?.body.checkIn,
    })
    expect((await scan({ ...first, nonce: undefined })).body.code).toBe('already_checked_in')
    expect((await scan(first)).body).toEqual(answers[0]?.body)
    const rubbish = { qrCode: 'rubbish', nonce: 'n1' }
    expect((await scan(rubbish)).body.code).toBe('not_found')
    expect((await scan(rubbish)).body.code).toBe('not_found')
  })

  it('is kept with gate, time and verdict, for whoever manages the event', async () => {
    const eventId = await events.publish()
    const { id, ticketCode: qrCode } = await register(eventId)
    await scan({ qrCode, eventId, gate: 'South' })
    await scan({ qrCode, eventId, gate: 'North' })
    await scan({ qrCode: 'rubbish', eventId, gate: 'North' })
    const path = `/events/${eventId}/check-ins`
    const { body } = await events.api.get(`${path}?limit=2`, { token: manager.token })
    const next = await events.api.get(body._links.next.href, { token: manager.token })
    expect([...body.items, ...next.body.items]).toMatchObject([
      { code: 'not_found', gate: 'North', registrationId: null, checkInId: null },
      { code: 'already_checked_in', gate: 'North', registrationId: id },
      { code: 'checked_in', gate: 'South', registrationId: id, scannedBy: manager.id },
    ])
    expect((await events.api.get(path, { token: (await events.somebody('organizer')).token })).status).toBe(403)
  })

  it('shows who it is to whoever manages the event', async () => {
    const eventId = await events.publish()
    const ada = await known({ firstName: 'Ada', lastName: 'Lovelace' })
    const { ticketCode: qrCode } = await register(eventId, ada)
    expect((await scan({ qrCode })).body.registration.attendee).toEqual({
      userId: ada.id,
      nickname: ada.nickname,
      name: 'Ada Lovelace',
      email: ada.email,
    })
  })

  it.each([
    ['nonce', { nonce: '' }],
    ['nonce', { nonce: 'x'.repeat(101) }],
    ['gate', { gate: ' ' }],
    ['gate', { gate: 'a\u0000b' }],
  ])('is refused with a %s that is none', async (field, member) => {
    const { status, body } = await scan({ qrCode: 'x', ...member })
    expect([status, Object.keys(body.details)]).toEqual([422, [field]])
  })
})

describe('the picture of a ticket', () => {
  it('is made again when it is lost, always the same, and not for who has no seat', async () => {
    const eventId = await events.publish()
    const person = await events.somebody()
    const lost = { event_id: eventId, attendee_id: person.id, ticket_issued_at: new Date() }
    const row = aRegistration({ ...lost, created_at: new Date() })
    await events.db.insertInto('registrations').values(row).execute()
    const path = `/registrations/${row.id}/ticket.png`
    const picture = () => events.api.get(path, { token: person.token })
    const [first, second] = [await picture(), await picture()]
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'))
    const gone = aRegistration({ ...lost, status: 'CANCELLED', cancelled_at: new Date(), cancel_reason: 'attendee' })
    await events.db.insertInto('registrations').values(gone).execute()
    expect((await events.api.get(`/registrations/${gone.id}/ticket.png`, { token: person.token })).status).toBe(404)
  })
})

describe('undoing a check-in', () => {
  it('makes the ticket good again, and tells of it', async () => {
    const eventId = await events.publish()
    const { id, ticketCode: qrCode } = await register(eventId)
    const checkInId = (await scan({ qrCode, eventId })).body.checkIn.id
    expect((await undo(eventId, checkInId)).status).toBe(204)
    expect((await undo(eventId, checkInId)).status).toBe(204)
    expect((await eventOf(eventId)).checkedInCount).toBe(0)
    expect((await types(id)).filter((type) => type === 'attendee.checkin_undone.v1')).toHaveLength(1)
    const again = await scan({ qrCode, eventId })
    expect(again.body.code).toBe('checked_in')
    expect(again.body.checkIn.id).not.toBe(checkInId)
    expect((await eventOf(eventId)).checkedInCount).toBe(1)
  })

  it('is done once by many at once', async () => {
    const eventId = await events.publish()
    const { ticketCode: qrCode } = await register(eventId)
    const checkInId = (await scan({ qrCode, eventId })).body.checkIn.id
    const answers = await Promise.all(Array.from({ length: 8 }, () => undo(eventId, checkInId)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
    expect((await eventOf(eventId)).checkedInCount).toBe(0)
  })

  it('is refused after a quarter of an hour, at another event, and to others', async () => {
    const eventId = await events.publish()
    const { ticketCode: qrCode } = await register(eventId)
    const checkInId = (await scan({ qrCode, eventId })).body.checkIn.id
    expect((await undo(await events.publish(), checkInId)).status).toBe(404)
    expect((await undo(eventId, randomUUID())).status).toBe(404)
    expect((await undo(eventId, checkInId, await events.somebody('organizer'))).status).toBe(403)
    const before = new Date(Date.now() - 16 * 60_000)
    await events.db.updateTable('check_ins').set({ at: before }).where('id', '=', checkInId).execute()
    expect((await undo(eventId, checkInId)).body.error).toBe('InvalidStatus')
  })
})

describe('R61: a walk-in', () => {
  it('of an unknown address is a guest, let in at once and once, who gets no ticket', async () => {
    const eventId = await events.publish()
    const email = someAddress()
    const { status, body } = await walkIn({ eventId, email, name: 'Grace Hopper', gate: 'North' })
    expect([status, body.code, body.checkIn.gate]).toEqual([200, 'checked_in', 'North'])
    expect(body.registration.attendee).toEqual({ userId: null, nickname: null, name: 'Grace Hopper', email })
    const again = await walkIn({ eventId, email: email.toUpperCase(), name: 'Somebody else' })
    expect(again.body).toMatchObject({ success: false, code: 'already_checked_in', checkIn: body.checkIn })
    expect(await eventOf(eventId)).toMatchObject({ registeredCount: 1, checkedInCount: 1 })
    const told = await events.toldAbout(body.registration.id)
    expect(told.map(({ type }) => type)).toEqual([
      'registration.snapshot.v1',
      'registration.confirmed.v1',
      'registration.snapshot.v1',
      'attendee.checked_in.v1',
    ])
    expect(JSON.stringify(told)).not.toMatch(/Hopper|example\.org/)
  })

  it('of a known person uses their registration and keeps their name', async () => {
    const eventId = await events.publish()
    const ada = await known({ firstName: 'Ada', lastName: null })
    const { id } = await register(eventId, ada)
    const { body } = await walkIn({ eventId, email: ada.email, name: 'Not Ada' })
    expect(body).toMatchObject({ code: 'checked_in', registration: { id, attendee: { userId: ada.id, name: 'Ada' } } })
    const bob = await known()
    const made = await walkIn({ eventId, email: bob.email })
    expect(made.body).toMatchObject({ code: 'checked_in', registration: { attendee: { userId: bob.id } } })
    const own = await events.api.get('/me/registrations', { token: bob.token })
    expect(own.body.items).toMatchObject([{ eventId, source: 'walk_in', checkedInAt: expect.any(String) }])
  })

  it('needs a seat, also of who waits, unless somebody takes it on themselves, which is kept', async () => {
    const eventId = await events.publish({ capacity: 1 })
    await register(eventId)
    const ada = await known()
    expect((await register(eventId, ada)).status).toBe('WAITLISTED')
    const email = someAddress()
    for (const body of [{ email }, { email: ada.email }]) {
      expect(await walkIn({ eventId, ...body })).toMatchObject({ status: 409, body: { error: 'EventFull' } })
    }
    const override = { overrideCapacity: true, reason: 'a speaker' }
    expect((await walkIn({ eventId, email: ada.email, ...override })).body.code).toBe('checked_in')
    expect((await walkIn({ eventId, email, ...override })).body.code).toBe('checked_in')
    expect(await eventOf(eventId)).toMatchObject({ capacity: 1, registeredCount: 3, waitlistCount: 0, seatsLeft: 0 })
    const audited = (await events.toldAbout(eventId)).filter(({ type }) => type === 'audit.recorded.v1')
    expect(audited).toMatchObject([
      { data: { action: 'override-capacity', actorId: manager.id } },
      { data: { action: 'override-capacity' } },
    ])
    const { body } = await events.api.get(`/events/${eventId}/check-ins`, { token: manager.token })
    expect(body.items).toMatchObject([{ overrideReason: 'a speaker' }, { overrideReason: 'a speaker' }])
    expect((await register(eventId)).status).toBe('WAITLISTED')
  })

  it('is let in by none of its rules but those of a ticket', async () => {
    const email = someAddress()
    const eventId = await events.publish()
    expect((await walkIn({ eventId, email }, await events.somebody('organizer'))).status).toBe(403)
    expect((await walkIn({ eventId: randomUUID(), email })).status).toBe(404)
    expect((await walkIn({ eventId, email: 'nobody' })).body.details).toHaveProperty('email')
    await events.db.updateTable('events').set({ check_in_opens_minutes: 1 }).where('id', '=', eventId).execute()
    expect((await walkIn({ eventId, email })).body).toMatchObject({ success: false, code: 'not_yet' })
    await events.api.post(`/events/${eventId}/cancel`, { token: manager.token })
    expect((await walkIn({ eventId, email })).body).toMatchObject({ success: false, code: 'not_published' })
    const rows = await events.db.selectFrom('registrations').select('id').where('event_id', '=', eventId).execute()
    expect(rows).toEqual([])
  })

  it('by twenty gates at once is one', async () => {
    const eventId = await events.publish()
    const email = someAddress()
    const answers = await Promise.all(Array.from({ length: 20 }, () => walkIn({ eventId, email })))
    const codes = answers.map(({ body }) => body.code).sort()
    expect(codes).toEqual([...Array(19).fill('already_checked_in'), 'checked_in'])
  })

  it('never fills an event above its capacity when many come for the last seat', async () => {
    const eventId = await events.publish({ capacity: 3 })
    const answers = await Promise.all(Array.from({ length: 12 }, () => walkIn({ eventId, email: someAddress() })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(await eventOf(eventId)).toMatchObject({ registeredCount: 3, checkedInCount: 3 })
  })

  it('is the account’s that proves the address later, and of nobody who has not', async () => {
    const eventId = await events.publish()
    const email = someAddress()
    const { body } = await walkIn({ eventId, email, name: 'Grace' })
    const registrationId = body.registration.id
    const unproven = await known({ email, emailVerified: false })
    const mine = (token: string) => events.api.get('/me/registrations', { token })
    expect((await mine(unproven.token)).body.items).toEqual([])
    const grace = await known({ email })
    const items = async () => (await mine(grace.token)).body.items
    await expect.poll(items, { timeout: 10_000 }).toMatchObject([{ id: registrationId, source: 'walk_in' }])
    expect((await events.toldAbout(registrationId)).at(-1)).toMatchObject({
      type: 'registration.snapshot.v1',
      sequence: 3,
      data: { attendeeId: grace.id },
    })
  })

  it('stays the guest’s where the account holds a place at the same event', async () => {
    const eventId = await events.publish()
    const email = someAddress()
    const { body } = await walkIn({ eventId, email })
    const grace = await events.somebody()
    const { id } = await register(eventId, grace)
    const data = aUserSnapshot({ userId: grace.id, email, emailVerified: true })
    await events.tell(message(UserSnapshot, { data, sequence: 1, at: new Date() }))
    const linked = () => events.db.selectFrom('guests').select('user_id').where('email', '=', email).executeTakeFirst()
    await expect.poll(linked, { timeout: 10_000 }).toEqual({ user_id: grace.id })
    const own = await events.api.get('/me/registrations', { token: grace.token })
    expect(own.body.items.map((item: { id: string }) => item.id)).toEqual([id])
    expect(await types(body.registration.id)).toHaveLength(4)
  })
})

describe('the seats of an event', () => {
  it('R54: would be used twice if a gate did not see the other: the race is real', async () => {
    await sql`drop index check_ins_registration_key`.execute(events.db)
    await sql`
      create function forget_check_in() returns trigger language plpgsql as $$
      begin new.checked_in_at := null; new.version := old.version; return new; end $$`.execute(events.db)
    await sql`create trigger forget before update on registrations for each row execute function forget_check_in()`.execute(
      events.db,
    )
    try {
      const eventId = await events.publish({ capacity: 30 })
      await Promise.all(Array.from({ length: 19 }, () => register(eventId)))
      const { ticketCode: qrCode } = await register(eventId)
      const answers = await Promise.all(Array.from({ length: 20 }, () => scan({ qrCode, eventId })))
      expect(answers.filter(({ body }) => body.code === 'checked_in').length).toBeGreaterThan(1)
    } finally {
      await sql`drop trigger forget on registrations`.execute(events.db)
      await sql`drop function forget_check_in`.execute(events.db)
    }
  })
})
