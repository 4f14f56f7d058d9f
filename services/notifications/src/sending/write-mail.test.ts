import { randomUUID } from 'node:crypto'
import { seal } from '@rollcall/contracts/seal'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { aDelivery, anEvent, aRecipient, aRegistration } from '../../test/builders.ts'
import { log } from '../../test/log.ts'
import type { MailContext } from '../ledger/claim.ts'
import type { Delivery } from '../ledger/tables.ts'
import { mails } from '../mails/mails.ts'
import { createRenderer } from '../rendering/render.ts'
import { withKeyIds } from './key-ids.ts'
import { type WriteDeps, writeMail as write } from './write-mail.ts'

const now = new Date('2026-05-01T12:00:00Z')
const renderer = createRenderer({ publicUrl: 'http://localhost:8080', templates: mails })
const nobody = { recipient: null, event: null, registration: null }
let publicKey: JWK
let privateKeys: JWK[]

beforeAll(async () => {
  const pairs = await Promise.all([1, 2].map(() => generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })))
  const [present, older] = pairs
  if (!present || !older) throw new Error('no keys')
  publicKey = await exportJWK(older.publicKey)
  privateKeys = await withKeyIds([await exportJWK(present.privateKey), await exportJWK(older.privateKey)])
})

function deps(changes: Partial<WriteDeps> = {}): WriteDeps {
  return {
    log,
    renderer,
    privateKeys,
    publicUrl: 'http://rollcall.test',
    clock: { now: () => now },
    storage: { read: async () => Buffer.from('png') },
    mails: new Map(mails.map((mail) => [mail.name, mail])),
    ...changes,
  }
}

const writeMail = (using: WriteDeps, delivery: Delivery, context: MailContext) =>
  write(using, { delivery, context, deadlineMs: 1000 })

async function sealed({
  expiresAt = '2026-05-02T12:00:00Z',
  verifyUrl = 'http://localhost:8080/auth/verify-email/a/b',
} = {}) {
  return seal(publicKey, { verifyUrl, expiresAt })
}

describe('a verification mail', () => {
  const to = { ...nobody, recipient: aRecipient() }

  it('opens the link with the key that it was sealed for, also an older one', async () => {
    const written = await writeMail(deps(), aDelivery({ data: { sealed: await sealed() } }), to)
    expect(written).toMatchObject({
      kind: 'mail',
      mail: { to: { name: 'Ada', address: 'ada@rollcall.test' }, language: 'en' },
    })
    expect(JSON.stringify(written)).toContain('/auth/verify-email/a/b')
  })

  it('calls people by their nickname who gave no name', async () => {
    const recipient = aRecipient({ first_name: null })
    const written = await writeMail(deps(), aDelivery({ data: { sealed: await sealed() } }), { ...nobody, recipient })
    expect(written).toMatchObject({ mail: { to: { name: 'ada' } } })
  })

  it.each([
    ['its time has passed', { send_before: now }, {}, { action: 'expire', reason: 'too-late' }],
    ['the link has expired', {}, { expiresAt: '2026-05-01T11:59:59Z' }, { action: 'expire', reason: 'link-expired' }],
    [
      'the link is no web address',
      {},
      { verifyUrl: 'javascript:alert(1)' },
      { action: 'giveUp', reason: 'not-renderable' },
    ],
  ])('is not written when %s', async (_, delivery, link, failure) => {
    const written = await writeMail(deps(), aDelivery({ ...delivery, data: { sealed: await sealed(link) } }), to)
    expect(written).toEqual({ kind: 'ended', failure })
  })

  it('is given up when nobody can open what came sealed', async () => {
    const { publicKey: foreign } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
    const data = {
      sealed: await seal(await exportJWK(foreign), { verifyUrl: 'http://x.test', expiresAt: '2026-05-02T12:00:00Z' }),
    }
    const written = await writeMail(deps(), aDelivery({ data }), to)
    expect(written).toEqual({ kind: 'ended', failure: { action: 'giveUp', reason: 'not-unsealable' } })
  })

  it('is not written to somebody who has been erased', async () => {
    const erased = aRecipient({ erased: true, email: null, nickname: null, locale: null, time_zone: null })
    const written = await writeMail(deps(), aDelivery({ data: { sealed: await sealed() } }), {
      ...nobody,
      recipient: erased,
    })
    expect(written).toEqual({ kind: 'ended', failure: { action: 'suppress', reason: 'recipient-erased' } })
  })
})

describe('a delivery of another version', () => {
  it.each([
    ['a mail that there is no more', { template: 'long-gone' }, 'mail-unknown'],
    ['data that its mail does not take', { data: { something: 'else' } }, 'data-unreadable'],
  ])('with %s is left to processes of its own', async (_, changes, reason) => {
    const written = await writeMail(deps(), aDelivery(changes), { ...nobody, recipient: aRecipient() })
    expect(written).toEqual({ kind: 'postponed', reason })
  })
})

describe('a ticket mail', () => {
  const delivery = () =>
    aDelivery({
      template: 'ticket-issued',
      data: { objectKey: 'a.png', registrationId: randomUUID(), eventId: randomUUID() },
    })
  const context = () => ({ recipient: aRecipient(), event: anEvent(), registration: aRegistration() })

  it('shows where and when, with the picture of the code', async () => {
    const written = await writeMail(deps(), delivery(), context())
    expect(written).toMatchObject({
      kind: 'mail',
      mail: { subject: 'Your ticket: Meetup', inlineImages: [{ cid: 'ticket@rollcall', contentType: 'image/png' }] },
    })
    expect(JSON.stringify(written)).toMatch(/1 June 2026 at 18:00/)
  })

  it.each([
    [
      'the registration is cancelled',
      { registration: aRegistration({ status: 'CANCELLED' }) },
      'registration-cancelled',
    ],
    ['the registration is gone', { registration: aRegistration({ erased: true }) }, 'registration-cancelled'],
    ['the event is cancelled', { event: anEvent({ status: 'CANCELLED' }) }, 'event-cancelled'],
    ['the event is gone', { event: anEvent({ erased: true, title: null }) }, 'event-gone'],
  ])('is cancelled when %s', async (_, changes, reason) => {
    const written = await writeMail(deps(), delivery(), { ...context(), ...changes })
    expect(written).toEqual({ kind: 'ended', failure: { action: 'cancel', reason } })
  })

  it('waits for the picture', async () => {
    const written = await writeMail(deps({ storage: { read: async () => undefined } }), delivery(), context())
    expect(written).toEqual({ kind: 'postponed', reason: 'ticket-picture-missing' })
  })

  it('waits for a storage that is away', async () => {
    const away = { read: () => Promise.reject(new Error('ECONNREFUSED')) }
    const written = await writeMail(deps({ storage: away }), delivery(), context())
    expect(written).toEqual({ kind: 'postponed', reason: 'content-unavailable' })
  })
})
