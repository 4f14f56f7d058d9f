import { readQr } from '@rollcall/testing/qr'
import { readMail } from '@rollcall/testing/read-mail'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitForRest } from './invariants.ts'
import { anEvent, join, PASSWORD, type Person, untilKnown, verificationPath } from './person.ts'
import { type System, startSystem } from './system.ts'

let system: System
let admin: Person
let attendee: Person

beforeAll(async () => {
  system = await startSystem()
  admin = await join(system)
  attendee = await join(system)
  await untilKnown(system, attendee)
})

afterAll(() => system?.stop())

it('R1: mails each person one link, which verifies them', async () => {
  const { body } = await system.api.get('/auth/me', { token: attendee.token })
  expect(body).toMatchObject({ role: 'authenticated', emailVerified: true })
  const mails = system.sink.mails.filter(({ to }) => to.includes(attendee.email))
  const texts = await Promise.all(mails.map(async ({ raw }) => (await readMail(raw)).text))
  expect(texts.filter((text) => text.includes('/auth/verify-email/'))).toHaveLength(1)
})

it('takes a person from a seat to the door, with the ticket that was mailed', async () => {
  const event = await system.api.post('/events', { token: admin.token, body: anEvent() })
  expect(event).toMatchObject({ status: 201, body: { status: 'PUBLISHED' } })
  const seat = await system.api.post(`/events/${event.body.id}/registrations`, {
    token: attendee.token,
    body: { waitlist: false },
  })
  expect(seat.status).toBe(201)

  const { raw } = await system.sink.waitForMail(
    ({ to, raw }) => to.includes(attendee.email) && raw.includes('image/png'),
    20_000,
  )
  const mail = await readMail(raw)
  const qrCode = readQr(mail.images[0]?.content as Buffer)
  const image = await system.api.get(`/registrations/${seat.body.id}/ticket.png`, { token: attendee.token })
  expect(readQr(image.body)).toBe(qrCode)

  const scan = () => system.api.post('/verify', { token: admin.token, body: { qrCode, eventId: event.body.id } })
  expect((await scan()).body).toMatchObject({ success: true, code: 'checked_in' })
  expect((await scan()).body).toMatchObject({ success: false, code: 'already_checked_in' })
})

it('R6, R36: has people sign up and be granted a status while the mail server is away, and mails each once after', async () => {
  const grantee = await join(system)
  await waitForRest(system)
  system.sink.fail({ at: 'mail', with: 'cut' }, 1000)
  const email = 'patient@example.org'
  const signUp = await system.api.post('/auth/register', { body: { email, password: PASSWORD } })
  const grant = await system.api.post(`/users/${grantee.id}/professional`, { token: admin.token })
  expect([signUp.status, grant.status]).toEqual([201, 200])
  const before = system.sink.connections()
  await expect.poll(() => system.sink.connections(), { timeout: 10_000 }).toBeGreaterThan(before)
  system.sink.heal()
  const mailsTo = (address: string) => system.sink.mails.filter(({ to }) => to.includes(address)).length
  const mailsBefore = mailsTo(grantee.email)
  await system.sink.waitForMail(({ to }) => to.includes(email), 30_000)
  await expect.poll(() => mailsTo(grantee.email), { timeout: 30_000 }).toBe(mailsBefore + 1)
  await waitForRest(system)
  expect([mailsTo(email), mailsTo(grantee.email)]).toEqual([1, mailsBefore + 1])
})

it('has a proposed event decided on, and mails whom it concerns', async () => {
  const organizer = await join(system)
  const role = { token: admin.token, body: { role: 'organizer' } }
  await system.api.patch(`/users/${organizer.id}/role`, role)
  const propose = () => system.api.post('/events', { token: organizer.token, body: anEvent({ title: 'Café & labs' }) })
  await expect.poll(async () => (await propose()).status, { timeout: 5000 }).toBe(201)
  const { items } = (await system.api.get('/events/pending', { token: admin.token })).body
  const path = `/events/${items[0].id}`
  const mailed = async (email: string, subject: RegExp) => {
    const isIt = async () => {
      const mails = system.sink.mails.filter(({ to }) => to.includes(email))
      const read = await Promise.all(mails.map(({ raw }) => readMail(raw)))
      return read.find((mail) => subject.test(mail.subject ?? ''))
    }
    await expect.poll(isIt, { timeout: 20_000 }).toBeDefined()
    return isIt()
  }
  await mailed(admin.email, /^Waits for a decision: Café & labs$/)

  const body = { reason: 'The café is closed <that> day.' }
  expect((await system.api.post(`${path}/reject`, { token: admin.token, body })).body.status).toBe('REJECTED')
  expect((await mailed(organizer.email, /^Not published: Café & labs$/))?.text).toContain(body.reason)
  expect((await system.api.get(path)).status).toBe(404)

  expect((await system.api.post(`${path}/submit`, { token: organizer.token })).body.status).toBe('PENDING')
  expect((await system.api.post(`${path}/approve`, { token: admin.token })).body.status).toBe('PUBLISHED')
  await mailed(organizer.email, /^Published: Café & labs$/)
  expect((await system.api.get('/events?q=CAF%C3%89')).body.items).toMatchObject([{ title: 'Café & labs' }])
})

it('has people wait for a seat, and mails the ticket to whoever moves up', async () => {
  const [holder, waiter] = [attendee, await join(system)]
  await untilKnown(system, waiter)
  const event = await system.api.post('/events', {
    token: admin.token,
    body: anEvent({ title: 'One seat', capacity: 1 }),
  })
  const register = ({ token }: Person) => system.api.post(`/events/${event.body.id}/registrations`, { token })
  const seat = await register(holder)
  expect((await register(waiter)).body).toMatchObject({ status: 'WAITLISTED', waitlistPosition: 1 })
  const subjects = async (email: string) => {
    const mails = system.sink.mails.filter(({ to }) => to.includes(email))
    return (await Promise.all(mails.map(({ raw }) => readMail(raw)))).map(({ subject }) => subject)
  }
  await expect.poll(() => subjects(waiter.email), { timeout: 20_000 }).toContain('You are on the waitlist: One seat')
  const cancelled = await system.api.call('DELETE', `/registrations/${seat.body.id}`, { token: holder.token })
  expect(cancelled.status).toBe(204)
  await expect.poll(() => subjects(waiter.email), { timeout: 20_000 }).toContain('Your ticket: One seat')
  await expect.poll(() => subjects(holder.email), { timeout: 20_000 }).toContain('Cancelled: One seat')
  const mine = await system.api.get('/me/registrations?limit=1', { token: waiter.token })
  expect(mine.body.items).toMatchObject([{ status: 'CONFIRMED', eventTitle: 'One seat' }])
})

it('S31, R27: refuses a demoted manager’s old token in the events service within a second', async () => {
  const manager = await join(system)
  const setRole = (role: string) =>
    system.api.patch(`/users/${manager.id}/role`, { token: admin.token, body: { role } })
  const create = async () => (await system.api.post('/events', { token: manager.token, body: anEvent() })).status
  await setRole('manager')
  await expect.poll(create, { timeout: 1000, interval: 20 }).toBe(201)
  expect((await setRole('authenticated')).body.role).toBe('authenticated')
  await expect.poll(create, { timeout: 1000, interval: 20 }).toBe(403)
})

it('S30: signs somebody out of every service within a second', async () => {
  const person = await join(system)
  const read = async () =>
    (await system.api.get('/registrations/01890000-0000-7000-8000-000000000000', { token: person.token })).status
  expect(await read()).toBe(404)
  expect((await system.api.post('/auth/logout', { token: person.token })).status).toBe(204)
  await expect.poll(read, { timeout: 1000, interval: 20 }).toBe(401)
})

it('shows the queues to an admin who signed in at /ops, and to nobody else', async () => {
  const refused = await system.api.get('/ops/queues')
  expect(refused).toMatchObject({ status: 303 })
  expect(refused.headers.get('location')).toMatch(/^\/ops\/sign-in/)
  const signIn = (email: string) =>
    system.api.post('/ops/sign-in', {
      body: new URLSearchParams({ email, password: 'Correct horse 7!' }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: system.publicUrl },
    })
  expect((await signIn(attendee.email)).status).toBe(403)
  const cookie = String((await signIn(admin.email)).headers.get('set-cookie')).split(';')[0] as string
  const dashboard = await system.api.get('/ops/queues', { headers: { cookie } })
  expect(dashboard.status).toBe(200)
  expect(dashboard.body).toContain('<html')
})

it('S22: keeps mailed tokens out of the gateway’s and the services’ logs', async () => {
  const { body } = await system.api.post('/auth/register', {
    body: { email: 'canary@example.org', password: 'Nightingale 77!' },
  })
  const path = await verificationPath(system, 'canary@example.org')
  const token = path.split('/').at(-1) as string
  await system.api.get(path)
  await system.api.post(path)
  await system.api.post('/auth/login', { body: { email: 'canary@example.org', password: 'Nightingale 77!' } })
  const logs = [await system.gatewayLog(), ...Object.values(system.processes).map((process) => process.logs())].join(
    '\n',
  )
  expect(logs).toContain(`/auth/verify-email/${body.id}/[redacted]`)
  expect(logs).not.toContain(token)
  expect(logs).not.toContain('Nightingale')
})
