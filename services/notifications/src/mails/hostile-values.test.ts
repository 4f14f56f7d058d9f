import { randomUUID } from 'node:crypto'
import { languages } from '@rollcall/i18n/languages'
import { readMail } from '@rollcall/testing/read-mail'
import { type SmtpSink, startSmtpSink } from '@rollcall/testing/smtp-sink'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aRecipient } from '../../test/builders.ts'
import { createRenderer } from '../rendering/render.ts'
import { addresseeOf } from '../sending/addressee.ts'
import { createMailSender, type MailSender } from '../smtp/mail-sender.ts'
import { mails } from './mails.ts'

const renderer = createRenderer({ publicUrl: 'https://rollcall.example', templates: mails })

const hostile = fc.oneof(
  fc.constantFrom(
    'Innocent](https://evil.example)[rest',
    '![](https://evil.example/x.png)',
    '<img src=x onerror=alert(1)>',
    '<a href="https://evil.example">x</a>',
    '{{verifyUrl}}',
    '{{ recipientName }}',
    '=?UTF-8?Q?Invoice_overdue?=',
    'a\u202egnp.exe',
    '*'.repeat(190),
    'Party\r\nBcc: all@example.com',
    '\u0000',
    'two  spaces',
    '"quoted", <x@evil.example>; group: a, b;',
    '&amp; &#x41; &lt;',
    '\ue000recipientName\ue001',
    '%EE%80%80recipientName%EE%80%81',
    '[[body]]',
    '$& $1 $`',
    '# heading',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => text.toWellFormed()),
)

const everyMail = languages.flatMap((language) => mails.map(({ name, variables }) => ({ language, name, variables })))

/** Links and pictures of a page, in their order. */
const targets = (html: string) => [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, target]) => target)
const tags = (html: string) => [...html.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag)

/** As a reader sees it: in one line, without what only a machine would notice. */
const shown = (text: string) => text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim()

const decoded = (html: string) =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe.each(everyMail)('$language/$name', ({ language, name, variables }) => {
  const texts = Object.keys(variables).filter((variable) => !/Url$|Cid$/.test(variable))

  it.each(texts)('S45: shows %s as the text that it is, and nothing else changes', (variable) => {
    const plain = renderer.render(name, language, { ...variables, [variable]: 'PLACE' })
    fc.assert(
      fc.property(hostile, (value) => {
        const { subject, html, text } = renderer.render(name, language, { ...variables, [variable]: value })
        expect(targets(html)).toEqual(targets(plain.html))
        expect(tags(html)).toEqual(tags(plain.html))
        expect(decoded(html)).toBe(decoded(plain.html).replaceAll('PLACE', () => shown(value)))
        expect(text).toBe(plain.text.replaceAll('PLACE', () => shown(value)))
        expect(subject).toBe(plain.subject.replaceAll('PLACE', () => shown(value)).trim())
      }),
      { numRuns: 60 },
    )
  })
})

describe('on the wire', () => {
  let sink: SmtpSink
  let sender: MailSender

  beforeAll(async () => {
    sink = await startSmtpSink()
    const from = 'Rollcall <no-reply@rollcall.test>'
    sender = createMailSender({ url: sink.url, from, poolSize: 2, attemptTimeoutMs: 5000 })
  })
  afterAll(async () => {
    await sender.close()
    await sink.stop()
  })

  /** Sends a mail to somebody of that name, all of whose variables are that value; gives what a mail program reads. */
  async function sendAndRead({ language, name, variables }: (typeof everyMail)[number], value: string) {
    const texts = Object.keys(variables).filter((variable) => !/Url$|Cid$/.test(variable))
    const values = { ...variables, ...Object.fromEntries(texts.map((variable) => [variable, value])) }
    const rendered = renderer.render(name, language, values)
    const to = { name: nameOf(value), address: 'ada@rollcall.test' }
    const deliveryId = randomUUID()
    const messageId = `<${deliveryId}@rollcall.test>`
    expect(await sender.send({ deliveryId, messageId, date: new Date(), language, to, ...rendered })).toMatchObject({
      kind: 'accepted',
    })
    const captured = sink.mails.find((it) => it.messageId === messageId)
    expect(captured?.to).toEqual([to.address])
    return { rendered, to, read: await readMail(captured?.raw ?? Buffer.alloc(0)) }
  }

  it.each(everyMail)('no value adds a header, a recipient or another name: $language/$name', async (mail) => {
    const { read: ordinary } = await sendAndRead(mail, 'Ordinary')
    const property = fc.asyncProperty(hostile, async (value) => {
      const { rendered, to, read } = await sendAndRead(mail, value)
      expect(read.subject).toBe(rendered.subject)
      expect(read.recipients).toEqual([to])
      expect(read.headerNames).toEqual(ordinary.headerNames)
    })
    await fc.assert(property, { numRuns: 25 })
  })
})

/** As somebody is addressed who has given that first name. */
const nameOf = (first_name: string) => addresseeOf(aRecipient({ first_name, email_verified: true }))?.name ?? ''
