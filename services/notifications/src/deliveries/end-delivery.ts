import { message } from '@rollcall/contracts/message'
import { NotificationFailed, NotificationSent } from '@rollcall/contracts/notifications'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Delivery, NotificationsDatabase } from '../database/tables.ts'
import { type FailedState, type FailingAction, transitions } from './delivery.ts'
import { moveDelivery } from './queries.ts'

export interface EndDeps {
  transact: Transact<NotificationsDatabase>
  clock: Clock
}

/** The server has taken the mail: `sent`, and the fact that says so, in one transaction. */
export async function acceptDelivery({ transact, clock }: EndDeps, delivery: Delivery, reply: string): Promise<void> {
  const at = clock.now()
  await transact(async (tx) => {
    const sequence = await moveDelivery(tx, delivery, { action: 'accept', reply, at })
    if (sequence === undefined) return
    await appendToOutbox(tx, message(NotificationSent, { data: factData(delivery), sequence, at }))
  })
}

export interface Failure {
  action: FailingAction
  /** A code. */
  reason: string
  /** The server's words. */
  reply?: string
}

/** Ends a delivery without a mail, with its reason, and tells so. */
export async function failDelivery({ transact, clock }: EndDeps, delivery: Delivery, failure: Failure): Promise<void> {
  await transact(async (tx) => {
    const sequence = await moveDelivery(tx, delivery, failure)
    if (sequence === undefined) return
    const state: FailedState = transitions[failure.action].to
    const data = { ...factData(delivery), state, reason: failure.reason }
    await appendToOutbox(tx, message(NotificationFailed, { data, sequence, at: clock.now() }))
  })
}

function factData({ id, fact_id, template, channel, recipient_id }: Delivery) {
  return { deliveryId: id, factId: fact_id, template, channel, recipientId: recipient_id }
}
