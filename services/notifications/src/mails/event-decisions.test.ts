import { EventPublished, EventRejected, EventSubmitted } from '@rollcall/contracts/events'
import { seal } from '@rollcall/contracts/seal'
import { systemClock } from '@rollcall/runtime/clock'
import { exportJWK, generateKeyPair } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { aRecipient } from '../../test/builders.ts'
import { STAFF } from '../ledger/plan-deliveries.ts'
import { addresseeOf } from '../sending/addressee.ts'
import { withKeyIds } from '../sending/key-ids.ts'
import type { Addressee, ContentDeps, ContentRequest } from '../sending/mail-content.ts'
import { eventApproved, eventRejected, eventSubmitted } from './event-decisions.ts'

const ids = { eventId: '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d20', organizerId: '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d50' }
const staffId = '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d10'
const event = { title: 'Open labs', start_at: '2027-05-07T16:00:00Z', time_zone: 'Europe/Berlin', location: 'Hall' }

let deps: ContentDeps
let sealed: string

beforeAll(async () => {
  const pair = await generateKeyPair('ECDH-ES', { extractable: true })
  sealed = await seal(await exportJWK(pair.publicKey), { reason: 'The hall is taken.' })
  const privateKeys = await withKeyIds([await exportJWK(pair.privateKey)])
  deps = {
    storage: { read: async () => undefined },
    privateKeys,
    clock: systemClock,
    publicUrl: 'http://rollcall.test',
  }
})

const fact = (definition: { type: string }, data: object) =>
  ({ id: 'a fact', type: definition.type, sequence: 2, data: { ...ids, ...data } }) as never

const request = (data: object, changes = {}) =>
  ({
    ...{ data: { eventId: ids.eventId, ...data }, addressee: addresseeOf(aRecipient()) as Addressee },
    ...{ event, deadlineMs: 1000, ...changes },
  }) as unknown as ContentRequest<unknown>

it('tells staff of what waits, and organizers of decisions alone', () => {
  expect(eventSubmitted.plan([fact(EventSubmitted, {})])).toMatchObject([
    { recipientId: STAFF, needs: [{ projection: 'events', id: ids.eventId, sequence: 2 }] },
  ])
  expect(eventApproved.plan([fact(EventPublished, {})])).toEqual([])
  expect(eventApproved.plan([fact(EventPublished, { approvedBy: staffId })])).toMatchObject([
    { recipientId: ids.organizerId, data: { eventId: ids.eventId } },
  ])
  expect(eventRejected.plan([fact(EventRejected, { rejectedBy: staffId, sealed })])).toMatchObject([
    { recipientId: ids.organizerId, data: { sealed } },
  ])
})

it('says which event it is about, in the zone of the event', async () => {
  const values = { eventTitle: 'Open labs', eventStart: expect.stringContaining('18:00'), eventLocation: 'Hall' }
  expect(await eventSubmitted.content(deps, request({}))).toMatchObject({ values })
  expect(await eventApproved.content(deps, request({}))).toMatchObject({ values })
})

it('says why an event was refused, and gives up on a reason that does not open', async () => {
  const content = (part: string) => eventRejected.content(deps, request({ sealed: part }))
  expect(await content(sealed)).toMatchObject({ values: { reason: 'The hall is taken.' } })
  const { publicKey } = await generateKeyPair('ECDH-ES', { extractable: true })
  const foreign = await seal(await exportJWK(publicKey), { reason: 'x' })
  expect(await content(foreign)).toEqual({ ended: 'giveUp', reason: 'not-unsealable' })
})

it.each([eventSubmitted, eventApproved, eventRejected])('$name is not sent for an event that is gone', async (mail) => {
  const nothing = { ...event, title: null }
  expect(await mail.content(deps, request({ sealed }, { event: nothing }))).toMatchObject({ ended: 'cancel' })
  expect(await mail.content(deps, request({ sealed }, { event: undefined }))).toMatchObject({ ended: 'cancel' })
})
