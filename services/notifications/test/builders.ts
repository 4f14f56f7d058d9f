import { randomUUID } from 'node:crypto'
import { aUserSnapshot } from '@rollcall/testing/a-user-snapshot'
import type { KnownEvent, MailContext } from '../src/ledger/claim.ts'
import type { NewDelivery } from '../src/ledger/queries.ts'
import type { Delivery } from '../src/ledger/tables.ts'
import { recipientOf } from '../src/projections/recipients.ts'
import type { Recipient } from '../src/projections/tables.ts'

export function aDelivery(changes: Partial<Delivery> = {}): Delivery {
  const now = new Date('2026-05-01T12:00:00Z')
  return {
    id: randomUUID(),
    fact_id: randomUUID(),
    template: 'verify-email',
    channel: 'email',
    recipient_id: randomUUID(),
    data: {},
    policy: 'resend',
    state: 'sending',
    version: 1,
    generation: 1,
    attempts: 1,
    lease_until: now,
    phase: null,
    message_id: '<x@rollcall.test>',
    smtp_reply: null,
    reason: null,
    send_before: new Date('2026-05-02T12:00:00Z'),
    due_at: now,
    queued_at: now,
    needs: [],
    traceparent: null,
    created_at: now,
    sent_at: null,
    ...changes,
  }
}

/** A delivery as it is planned, with nothing that it would have to wait for. */
export function aNewDelivery(changes: Partial<NewDelivery> = {}): NewDelivery {
  const { id, fact_id, template, channel, recipient_id, data, policy, message_id, needs, traceparent } = aDelivery()
  const created_at = new Date()
  const send_before = new Date(created_at.getTime() + 24 * 3600_000)
  const planned = { id, fact_id, template, channel, recipient_id, data, policy, message_id, needs, traceparent }
  return { ...planned, created_at, send_before, ...changes }
}

export function aRecipient(changes: Partial<Recipient> = {}): Recipient {
  const data = aUserSnapshot({ email: 'ada@rollcall.test', nickname: 'ada', firstName: 'Ada' })
  return { ...recipientOf({ subject: data.userId, sequence: 1, data }), ...changes }
}

export function anEvent(changes: Partial<KnownEvent> = {}): KnownEvent {
  return {
    id: randomUUID(),
    sequence: 1,
    erased: false,
    title: 'Meetup',
    start_at: '2026-06-01T16:00:00+00:00',
    time_zone: 'Europe/Berlin',
    location: 'Room 12',
    status: 'PUBLISHED',
    ...changes,
  }
}

type Registration = NonNullable<MailContext['registration']>

export function aRegistration(changes: Partial<Registration> = {}): Registration {
  const ids = { id: randomUUID(), event_id: randomUUID(), attendee_id: randomUUID() }
  return { ...ids, sequence: 1, erased: false, status: 'CONFIRMED', ...changes }
}
