import { connectMailbox } from '@rollcall/testing/mailbox'
import { readQr } from '@rollcall/testing/qr'
import type { DemoPerson } from './account-steps.ts'
import type { Narrator } from './narrator.ts'

const HOUR_MS = 3600_000

/** An event that begins in an hour, so that its door is open. Gives its id. */
export async function publishEvent({ call }: Narrator, adminToken: string): Promise<string> {
  const startAt = new Date(Date.now() + HOUR_MS)
  const body = {
    title: 'Night of open labs',
    startAt: startAt.toISOString(),
    endAt: new Date(startAt.getTime() + 2 * HOUR_MS).toISOString(),
    timeZone: 'Europe/Berlin',
    location: 'Main hall',
    capacity: 1,
    category: 'meetup',
  }
  const event = await call(
    'POST',
    '/events',
    { token: adminToken, body },
    { status: 201, show: ({ body }) => body.status },
  )
  await call('GET', '/events?limit=5', {}, { status: 200, show: ({ body }) => `${body.total} in all` })
  await call('GET', `/events/${event.body.id}`, {}, { status: 200, show: ({ body }) => `${body.seatsLeft} seat left` })
  return event.body.id
}

interface Visit {
  eventId: string
  person: DemoPerson
  adminToken: string
  mailboxUrl: string
}

/** Takes the only seat, reads the ticket out of the mail and goes through the door with it. */
export async function visitEvent(
  narrator: Narrator,
  { eventId, person, adminToken, mailboxUrl }: Visit,
): Promise<void> {
  const { call } = narrator
  const path = `/events/${eventId}/registrations`
  const body = { waitlist: false }
  const seat = await call('POST', path, { token: person.token, body }, { status: 201, show: ({ body }) => body.status })
  const refusal = { status: 409, show: ({ body }: { body: { error: string } }) => body.error }
  await call('POST', path, { token: person.token, body }, refusal)
  await call('POST', path, { token: adminToken, body }, refusal)
  const qrCode = await readMailedTicket(narrator, { mailboxUrl, email: person.email })
  const imagePath = `/registrations/${seat.body.id}/ticket.png`
  const image = await call('GET', imagePath, { token: person.token }, { status: 200, show: () => 'the image' })
  if (readQr(image.body) !== qrCode) throw new Error('the mail and the API show different tickets')
  const verdict = {
    status: 200,
    show: ({ body }: { body: { code: string; message: string } }) => `${body.code}: ${body.message}`,
  }
  for (const expected of ['checked_in', 'already_checked_in']) {
    const { body } = await call('POST', '/verify', { token: adminToken, body: { qrCode, eventId } }, verdict)
    if (body.code !== expected) throw new Error(`the door should have said ${expected}`)
  }
}

interface MailedTicket {
  mailboxUrl: string
  email: string
}

/** Gives what the QR code in the mail says. */
function readMailedTicket({ step }: Narrator, { mailboxUrl, email }: MailedTicket): Promise<string> {
  const mailbox = connectMailbox(mailboxUrl)
  return step(
    `ticket mail to ${email}`,
    async () => {
      const mail = await mailbox.waitForMail(email, ({ attachments }) => attachments.length > 0)
      const image = mail.attachments.find(({ contentType }) => contentType === 'image/png')
      if (!image) throw new Error('the mail has no image')
      return readQr(await mailbox.attachment(mail, image.fileName))
    },
    (code) => `QR code ${code.slice(0, 12)}…`,
  )
}
