import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { NotificationFailed, NotificationSent } from '@rollcall/contracts/notifications'
import { outboxRows } from '@rollcall/outbox/append'
import type { NewOutboxRow } from '@rollcall/outbox/tables'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { Delivery, NotificationsDatabase } from '../database/tables.ts'
import { type FailingAction, transitions } from './delivery.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { endDelivery } from './queries.ts'

export interface EndDeps {
  db: Kysely<NotificationsDatabase>
  clock: Clock
  metrics: DeliveryMetrics
}

/** The server has taken the mail: `sent`, and the fact that says so. */
export async function acceptDelivery(
  { db, clock, metrics }: EndDeps,
  delivery: Delivery,
  reply: string,
): Promise<void> {
  const at = clock.now()
  const fact = message(NotificationSent, { data: about(delivery), sequence: delivery.version + 1, at })
  await endDelivery(db, delivery, { action: 'accept', reply, at, fact: toRow(fact) })
  metrics.ended(delivery, 'sent', at)
}

export interface Failure {
  action: FailingAction
  /** A code. */
  reason: string
  /** The server's words. */
  reply?: string
}

/** Ends a delivery without a mail, with its reason, and tells so. */
export async function failDelivery(
  { db, clock, metrics }: EndDeps,
  delivery: Delivery,
  failure: Failure,
): Promise<void> {
  const at = clock.now()
  const data = { ...about(delivery), state: transitions[failure.action].to, reason: failure.reason }
  const fact = message(NotificationFailed, { data, sequence: delivery.version + 1, at })
  await endDelivery(db, delivery, { ...failure, at, fact: toRow(fact) })
  metrics.ended(delivery, data.state, at)
}

function about({ id, fact_id, template, channel, recipient_id }: Delivery) {
  return { deliveryId: id, factId: fact_id, template, channel, recipientId: recipient_id }
}

function toRow(fact: OutgoingMessage): NewOutboxRow {
  const [row] = outboxRows([fact])
  return row as NewOutboxRow
}
