import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readMail } from './read-mail.ts'
import { type SinkPoint, type SmtpSink, startSmtpSink } from './smtp-sink.ts'

let sink: SmtpSink

beforeEach(async () => {
  sink = await startSmtpSink()
})
afterEach(() => sink.stop())

function send(subject = 'Hello') {
  const transport = createTransport({ host: '127.0.0.1', port: sink.port, ignoreTLS: true, socketTimeout: 2000 })
  return transport.sendMail({
    from: 'a@rollcall.test',
    to: 'b@rollcall.test',
    subject,
    text: 'Grüße',
    html: '<p>Hi</p>',
  })
}

it('keeps what was sent to it', async () => {
  await send('Grüezi')
  expect(sink.mails).toHaveLength(1)
  expect(sink.mails[0]).toMatchObject({ from: 'a@rollcall.test', to: ['b@rollcall.test'], acknowledged: true })
  const mail = await readMail(sink.mails[0]?.raw ?? Buffer.alloc(0))
  expect(mail).toMatchObject({ subject: 'Grüezi', to: 'b@rollcall.test', html: '<p>Hi</p>' })
  expect(mail.text).toContain('Grüße')
})

it.each<[SinkPoint, number]>([
  ['mail', 0],
  ['rcpt', 0],
  ['data', 0],
  ['body', 0],
  ['dot', 1],
])('cuts the connection once at %s', async (at, received) => {
  sink.fail({ at, with: 'cut' })
  await expect(send()).rejects.toThrow()
  expect(sink.mails).toHaveLength(received)
  await send()
  expect(sink.mails).toHaveLength(received + 1)
})

it('cuts the connection after the 250', async () => {
  sink.fail({ at: 'reply', with: 'cut' })
  expect((await send()).response).toMatch(/^250/)
})

it.each<[SinkPoint, number]>([
  ['mail', 451],
  ['rcpt', 550],
  ['dot', 452],
])('answers at %s with %i', async (at, code) => {
  sink.fail({ at, with: code })
  await expect(send()).rejects.toMatchObject({ responseCode: code })
})

it('stays silent on demand', async () => {
  sink.fail({ at: 'dot', with: 'silence' })
  await expect(send()).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  expect(sink.mails[0]?.acknowledged).toBe(false)
})
