import { randomUUID } from 'node:crypto'
import { EventSnapshot } from '@rollcall/contracts/events'
import { RegistrationSnapshot, TicketIssued } from '@rollcall/contracts/registrations'
import { UserSnapshot } from '@rollcall/contracts/users'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import { createObjectStorage } from '@rollcall/storage/objects'
import { readQr } from '@rollcall/testing/qr'
import { readMail } from '@rollcall/testing/read-mail'
import { toBuffer } from 'qrcode'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { aPerson, createWorld, deliveriesTo, publishRegistered, signUp, type World } from '../test/world.ts'

let world: World
const patient = { timeout: 45_000, interval: 20 }

beforeAll(async () => {
  world = await createWorld()
  await world.start()
})
afterAll(() => world.stop('SIGTERM'))

const mailTo = (email: string) => world.sink.waitForMail((mail) => mail.to.includes(email), 20_000)

it('mails the verification link of a new account once, and tells so', async () => {
  const person = await signUp(world)
  const { raw, messageId } = await mailTo(person.email)
  const mail = await readMail(raw)
  expect(mail.subject).toBe('Please confirm your e-mail address')
  expect(mail.html).toContain(person.verifyUrl)
  expect(mail.text).toContain(person.verifyUrl)

  await expect.poll(async () => (await deliveriesTo(world, person.userId))[0]?.state, patient).toBe('sent')
  const [delivery] = await deliveriesTo(world, person.userId)
  expect(delivery).toMatchObject({ attempts: 1, message_id: messageId, smtp_reply: expect.stringMatching(/^250/) })
  expect(delivery?.data).toEqual({})
})

it('writes in the language of the person', async () => {
  const person = await signUp(world, { locale: 'de-AT', firstName: null, nickname: 'grace' })
  const mail = await readMail((await mailTo(person.email)).raw)
  expect(mail.subject).toContain('Bitte bestätigen')
  expect(mail.text).toContain('Willkommen, grace')
})

it.each(['https://evil.example/claim', 'www.evil.example', 'evil.example'])(
  'mails no name like %s to an address that nobody has proven, and does once it is',
  async (firstName) => {
    const stranger = await signUp(world, { firstName, nickname: 'clever-panda' })
    const toStranger = await readMail((await mailTo(stranger.email)).raw)
    expect(toStranger.recipients).toEqual([{ name: 'clever-panda', address: stranger.email }])
    for (const part of [toStranger.subject, toStranger.text, toStranger.html]) expect(part).not.toContain('evil')

    const owner = await signUp(world, { firstName, emailVerified: true })
    const toOwner = await readMail((await mailTo(owner.email)).raw)
    expect(toOwner.recipients).toEqual([{ name: firstName, address: owner.email }])
    expect(toOwner.text).toContain(firstName)
  },
)

it('waits for the person whose snapshot comes after the fact', async () => {
  const person = aPerson()
  await publishRegistered(world, person)
  await expect.poll(async () => (await deliveriesTo(world, person.userId)).length, patient).toBe(1)
  await world.publish(UserSnapshot, person.snapshot)
  await mailTo(person.email)
  const [delivery] = await deliveriesTo(world, person.userId)
  expect(delivery?.attempts).toBe(1)
})

it('sends no mail whose time has passed', async () => {
  const person = aPerson()
  await world.publish(UserSnapshot, person.snapshot)
  await publishRegistered(world, person, { at: new Date(Date.now() - 25 * 3600_000) })
  await expect.poll(async () => (await deliveriesTo(world, person.userId))[0]?.state, patient).toBe('expired')
  expect(world.sink.mails.filter((mail) => mail.to.includes(person.email))).toEqual([])
})

it('writes to nobody who has been erased, also when an older snapshot comes late', async () => {
  const person = aPerson()
  await world.publish(UserSnapshot, person.snapshot, { sequence: 1 })
  await world.erase(person.userId, 2)
  await world.publish(UserSnapshot, person.snapshot, { sequence: 1 })
  const recipient = () => world.db.selectFrom('recipients').selectAll().where('id', '=', person.userId).execute()
  const erased = [{ erased: true, email: null, sequence: 2 }]
  // Snapshots and facts come by different consumers: a mail that is faster than the erasure is sent.
  await expect.poll(recipient, patient).toMatchObject(erased)
  await publishRegistered(world, person)
  await expect.poll(async () => (await deliveriesTo(world, person.userId))[0]?.state, patient).toBe('suppressed')
  expect(await recipient()).toMatchObject(erased)
})

it('mails the ticket with its QR code in the mail', async () => {
  const person = await signUp(world)
  const { eventId, registrationId } = await aTicket(person.userId, { title: 'Tea & <Cake>' })
  await mailTo(person.email)
  const { raw } = await world.sink.waitForMail(
    (mail) => mail.to.includes(person.email) && mail.raw.includes('Your ticket'),
    20_000,
  )
  const mail = await readMail(raw)
  expect(mail.subject).toBe('Your ticket: Tea & <Cake>')
  expect(mail.html).toContain('Tea &amp; &lt;Cake&gt;')
  expect(mail.html).toContain('src="cid:ticket@rollcall"')
  expect(mail.text).toMatch(/Monday,? 1 June 2026 at 18:00/)
  expect(mail.images.map((image) => [image.cid, readQr(image.content)])).toEqual([['ticket@rollcall', registrationId]])
  expect(eventId).toBeDefined()
})

it('sends no ticket for a registration that is cancelled by then', async () => {
  const person = await signUp(world)
  await mailTo(person.email)
  await aTicket(person.userId, { status: 'CANCELLED' })
  const state = async () =>
    (await deliveriesTo(world, person.userId)).find((it) => it.template === 'ticket-issued')?.state
  await expect.poll(state, patient).toBe('cancelled')
})

/** What events publishes when somebody gets a ticket, and the picture in the storage. */
async function aTicket(attendeeId: string, { title = 'Meetup', status = 'CONFIRMED' as 'CONFIRMED' | 'CANCELLED' }) {
  const [eventId, registrationId] = [randomUUID(), randomUUID()]
  const storage = createObjectStorage(inject('engines').minio)
  await storage.ensureBuckets([TICKETS_BUCKET])
  const objectKey = `${registrationId}.png`
  await storage.put(
    { bucket: TICKETS_BUCKET, key: objectKey },
    await toBuffer(registrationId, { width: 240 }),
    'image/png',
  )
  await world.publish(EventSnapshot, {
    eventId,
    title,
    description: 'd',
    startAt: '2026-06-01T16:00:00.000Z',
    endAt: '2026-06-01T18:00:00.000Z',
    timeZone: 'Europe/Berlin',
    location: 'Room 12',
    onlineUrl: null,
    capacity: 10,
    category: 'meetup',
    tags: [],
    visibility: 'public',
    status: 'PUBLISHED',
    organizerId: randomUUID(),
    checkInOpensMinutes: 180,
  })
  const registration = {
    registrationId,
    eventId,
    attendeeId,
    status,
    source: 'online' as const,
    eventTitle: title,
    eventStartAt: '2026-06-01T16:00:00.000Z',
    checkedInAt: null,
  }
  await world.publish(RegistrationSnapshot, registration, { sequence: 2 })
  await world.publish(TicketIssued, { registrationId, eventId, attendeeId, objectKey }, { sequence: 2 })
  return { eventId, registrationId }
}
