import { RegistrationCancelled, RegistrationRescheduled } from '@rollcall/contracts/registrations'
import { seal } from '@rollcall/contracts/seal'
import { systemClock } from '@rollcall/runtime/clock'
import { exportJWK, generateKeyPair } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { aRecipient } from '../../test/builders.ts'
import { addresseeOf } from '../sending/addressee.ts'
import { withKeyIds } from '../sending/key-ids.ts'
import type { Addressee, ContentDeps, ContentRequest } from '../sending/mail-content.ts'
import { eventCancelled, eventRescheduled, registrationCancelled } from './registration-changes.ts'

const ids = {
  registrationId: '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d30',
  eventId: '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d20',
  attendeeId: '01932f6e-8a70-7c3a-9b1d-5f0e6a2c4d50',
}
const event = {
  ...{ title: 'Open labs', start_at: '2027-05-07T16:00:00Z', time_zone: 'Europe/Berlin', location: 'Hall' },
  status: 'PUBLISHED',
}

let deps: ContentDeps
let sealedReason: string
let sealedPlace: string

beforeAll(async () => {
  const pair = await generateKeyPair('ECDH-ES', { extractable: true })
  const publicKey = await exportJWK(pair.publicKey)
  sealedReason = await seal(publicKey, { reason: 'The speaker is ill.' })
  sealedPlace = await seal(publicKey, { location: 'Cellar' })
  const privateKeys = await withKeyIds([await exportJWK(pair.privateKey)])
  deps = {
    storage: { read: async () => undefined },
    privateKeys,
    clock: systemClock,
    publicUrl: 'http://rollcall.test',
  }
})

const fact = (definition: { type: string }, data: object) =>
  ({ id: 'a fact', type: definition.type, sequence: 3, data: { ...ids, ...data } }) as never

const request = (data: object, changes = {}) =>
  ({
    ...{ data: { registrationId: ids.registrationId, eventId: ids.eventId, ...data } },
    ...{ addressee: addresseeOf(aRecipient()) as Addressee, event, registration: { status: 'CONFIRMED' } },
    ...{ deadlineMs: 1000, ...changes },
  }) as unknown as ContentRequest<unknown>

it('has one mail for each way in which a place ends, and none for an account that is gone', () => {
  const planned = (data: object) => {
    const told = [fact(RegistrationCancelled, { actorId: ids.attendeeId, ...data })]
    return [registrationCancelled, eventCancelled].map((mail) => mail.plan(told).length)
  }
  expect(planned({})).toEqual([1, 0])
  expect(planned({ reason: 'attendee' })).toEqual([1, 0])
  expect(planned({ reason: 'event_cancelled' })).toEqual([0, 1])
  expect(planned({ reason: 'attendee_deleted' })).toEqual([0, 0])
})

it('says why an event does not take place, or that nobody said why', async () => {
  expect(await eventCancelled.content(deps, request({ sealed: sealedReason }))).toMatchObject({
    values: { reason: 'The speaker is ill.', eventTitle: 'Open labs' },
  })
  expect(await eventCancelled.content(deps, request({}))).toMatchObject({ values: { reason: expect.any(String) } })
})

it('says when and where an event is, and was: in words of its own zone', async () => {
  const previousStartAt = '2027-05-06T16:00:00.000Z'
  const [plan] = eventRescheduled.plan([
    fact(RegistrationRescheduled, { eventVersion: 7, fields: ['startAt'], previousStartAt, sealed: sealedPlace }),
  ])
  expect(plan?.needs).toContainEqual({ projection: 'events', id: ids.eventId, sequence: 7 })
  expect(await eventRescheduled.content(deps, request(plan?.data ?? {}))).toMatchObject({
    values: {
      ...{ eventStart: expect.stringContaining('7 May 2027'), eventLocation: 'Hall' },
      ...{ previousStart: expect.stringContaining('6 May 2027'), previousLocation: 'Cellar' },
    },
  })
  expect(await eventRescheduled.content(deps, request({ previousStartAt }))).toMatchObject({
    values: { previousLocation: 'Hall' },
  })
})

it('says nothing of a move to who has no place any more', async () => {
  const data = { previousStartAt: '2027-05-06T16:00:00.000Z' }
  const gone = { registration: { status: 'CANCELLED' } }
  expect(await eventRescheduled.content(deps, request(data, gone))).toMatchObject({ ended: 'cancel' })
  const calledOff = { event: { ...event, status: 'CANCELLED' } }
  expect(await eventRescheduled.content(deps, request(data, calledOff))).toMatchObject({ ended: 'cancel' })
})
