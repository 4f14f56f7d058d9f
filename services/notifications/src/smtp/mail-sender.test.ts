import { randomUUID } from 'node:crypto'
import { readMail } from '@rollcall/testing/read-mail'
import { type SinkPoint, type SmtpSink, startSmtpSink } from '@rollcall/testing/smtp-sink'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMailSender, type MailSender, type OutgoingMail } from './mail-sender.ts'

let sink: SmtpSink
let sender: MailSender

const newSender = (attemptTimeoutMs = 5000) =>
  createMailSender({ url: sink.url, from: 'Rollcall <no-reply@rollcall.test>', poolSize: 4, attemptTimeoutMs })

beforeEach(async () => {
  sink = await startSmtpSink()
  sender = newSender()
})
afterEach(async () => {
  await sender.close()
  await sink.stop()
})

function aMail(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  const deliveryId = randomUUID()
  return {
    deliveryId,
    messageId: `<${deliveryId}@rollcall.test>`,
    to: { name: 'Ada', address: 'ada@rollcall.test' },
    subject: 'Grüezi',
    html: '<p>Hello</p>',
    text: 'Hello',
    date: new Date('2026-06-01T10:00:00Z'),
    language: 'de',
    ...changes,
  }
}

it('sends text, HTML and inline images', async () => {
  const image = {
    cid: 'ticket@rollcall',
    filename: 'ticket.png',
    content: Buffer.from('png'),
    contentType: 'image/png',
  }
  const mail = aMail({ inlineImages: [image] })
  expect(await sender.send(mail)).toEqual({ kind: 'accepted', reply: expect.stringMatching(/^250/) })
  const [received] = sink.mails
  expect(received?.messageId).toBe(mail.messageId)
  const read = await readMail(received?.raw ?? Buffer.alloc(0))
  expect(read).toMatchObject({ subject: 'Grüezi', to: '"Ada" <ada@rollcall.test>' })
  expect(read.header('auto-submitted')).toBe('auto-generated')
  expect(read.header('x-auto-response-suppress')).toBe('All')
  expect(read.images).toEqual([{ cid: 'ticket@rollcall', contentType: 'image/png', content: image.content }])
})

it('gives the same bytes whenever it sends a mail', async () => {
  const mail = aMail({
    inlineImages: [{ cid: 'a', filename: 'a.png', content: Buffer.from('x'), contentType: 'image/png' }],
  })
  await sender.send(mail)
  const other = newSender()
  await other.send(mail)
  await other.close()
  expect(sink.mails[1]?.raw.equals(sink.mails[0]?.raw ?? Buffer.alloc(0))).toBe(true)
})

it('cannot be made to write a header by a name or a subject', async () => {
  await sender.send(
    aMail({ subject: 'a\r\nBcc: b@x.test', to: { name: 'N\r\nBcc: c@x.test', address: 'ada@rollcall.test' } }),
  )
  expect(sink.mails[0]?.to).toEqual(['ada@rollcall.test'])
  expect(sink.mails[0]?.raw.toString()).not.toMatch(/^bcc:/im)
})

const policies = [
  { policy: 'resend', beforeDot: undefined },
  { policy: 'hold', beforeDot: () => new Promise<void>((resolve) => setTimeout(resolve, 20)) },
]

describe.each(policies)('under $policy', ({ beforeDot }) => {
  it.each<[SinkPoint, 'before-dot' | 'after-dot']>([
    ['mail', 'before-dot'],
    ['rcpt', 'before-dot'],
    ['data', 'before-dot'],
    ['dot', 'after-dot'],
  ])('tells a connection cut at %s as %s', async (at, phase) => {
    await sender.send(aMail(), { beforeDot })
    sink.fail({ at, with: 'cut' })
    expect(await sender.send(aMail(), { beforeDot })).toEqual({ kind: 'lost', phase, reason: 'connection-lost' })
    expect(sink.mails).toHaveLength(phase === 'after-dot' ? 2 : 1)
    expect(await sender.send(aMail(), { beforeDot })).toMatchObject({ kind: 'accepted' })
  })

  it('takes a mail for accepted whose connection is cut after the 250', async () => {
    sink.fail({ at: 'reply', with: 'cut' })
    expect(await sender.send(aMail(), { beforeDot })).toMatchObject({ kind: 'accepted' })
    expect(sink.mails).toHaveLength(1)
  })

  it.each<[SinkPoint, number, boolean]>([
    ['mail', 451, false],
    ['rcpt', 550, true],
    ['dot', 452, false],
    ['dot', 554, true],
  ])('tells an answer at %s with %i', async (at, code, forGood) => {
    sink.fail({ at, with: code })
    const reply = expect.stringMatching(new RegExp(`^${code}`))
    expect(await sender.send(aMail(), { beforeDot })).toEqual({ kind: 'refused', forGood, reply })
    expect(sink.mails).toHaveLength(0)
  })
})

it('keeps the final dot back until what must come first is done, so a cut in the body stays before the dot', async () => {
  sink.fail({ at: 'body', with: 'cut' })
  const beforeDot = () => new Promise<void>((resolve) => setTimeout(resolve, 50))
  expect(await sender.send(aMail(), { beforeDot })).toMatchObject({ kind: 'lost', phase: 'before-dot' })
  expect(sink.mails).toHaveLength(0)
})

it('never sends the dot when what must come first fails', async () => {
  const outcome = await sender.send(aMail(), { beforeDot: () => Promise.reject(new Error('ledger away')) })
  expect(outcome).toMatchObject({ kind: 'lost', phase: 'before-dot' })
  expect(sink.mails).toHaveLength(0)
  expect(await sender.send(aMail())).toMatchObject({ kind: 'accepted' })
})

it('never sends the dot when what must come first takes longer than the attempt may', async () => {
  const ledger = Promise.withResolvers<void>()
  const outcome = await sender.send(aMail(), { beforeDot: () => ledger.promise, timeoutMs: 100 })
  expect(outcome).toEqual({ kind: 'lost', phase: 'before-dot', reason: 'timeout' })
  ledger.resolve()
  expect(await sender.send(aMail())).toMatchObject({ kind: 'accepted' })
  expect(sink.mails).toHaveLength(1)
})

it('asks for the write once per attempt, when the body is out', async () => {
  const beforeDot = vi.fn(async () => expect(sink.mails).toHaveLength(0))
  await sender.send(aMail(), { beforeDot })
  expect(beforeDot).toHaveBeenCalledOnce()
})

it.each<SinkPoint>(['mail', 'rcpt'])('does not ask for the write while the server is silent at %s', async (at) => {
  const impatient = newSender(400)
  sink.fail({ at, with: 'silence' })
  const beforeDot = vi.fn(async () => {})
  expect(await impatient.send(aMail(), { beforeDot })).toMatchObject({ kind: 'lost', phase: 'before-dot' })
  expect(beforeDot).not.toHaveBeenCalled()
  await impatient.close()
})

it.each<[SinkPoint, 'before-dot' | 'after-dot']>([
  ['mail', 'before-dot'],
  ['dot', 'after-dot'],
])('gives up on a server that is silent at %s and tells %s', async (at, phase) => {
  const impatient = newSender(400)
  sink.fail({ at, with: 'silence' })
  expect(await impatient.send(aMail())).toEqual({ kind: 'lost', phase, reason: 'timeout' })
  await impatient.close()
})

it('tells the phases of mails under way at the same time apart', async () => {
  sink.fail({ at: 'mail', with: 'cut' }, 3)
  sink.fail({ at: 'dot', with: 'cut' }, 3)
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => sender.send(aMail())))
  const phases = outcomes.map((outcome) => (outcome.kind === 'lost' ? outcome.phase : outcome.kind))
  expect(phases.filter((phase) => phase === 'before-dot')).toHaveLength(3)
  expect(phases.filter((phase) => phase === 'after-dot')).toHaveLength(3)
  expect(sink.mails).toHaveLength(9)
})

it('tells that there is no server', async () => {
  const lost = createMailSender({ url: 'smtp://127.0.0.1:9', from: 'a@b.test', poolSize: 1, attemptTimeoutMs: 2000 })
  expect(await lost.send(aMail())).toEqual({ kind: 'lost', phase: 'before-dot', reason: 'connection-refused' })
  await lost.close()
})

it.each([
  '=?UTF-8?Q?Invoice_overdue?=',
  '=?UTF-8?B?SW52b2ljZQ==?= and more',
  'before =?utf-8?q?x?= after, with "quotes" and \\',
  '=?',
  'Grüezi =?UTF-8?Q?x?=',
  `=?UTF-8?Q?${'long_'.repeat(40)}?=`,
  'Ada "the countess" Lovelace <x@evil.example>',
])('shows %j as the text that it is, in subject and name', async (text) => {
  await sender.send(aMail({ subject: text, to: { name: text, address: 'ada@rollcall.test' } }))
  const { raw = Buffer.alloc(0), to } = sink.mails[0] ?? {}
  expect(to).toEqual(['ada@rollcall.test'])
  const read = await readMail(raw)
  expect(read.subject).toBe(text)
  expect(read.recipients).toEqual([{ name: text, address: 'ada@rollcall.test' }])
  // Not only by the reading of one library: what looks encoded is not on the wire.
  if (text.startsWith('=?UTF-8')) expect(raw.includes(text.slice(0, 20))).toBe(false)
})
