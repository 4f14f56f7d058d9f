import type { DataOf } from '@rollcall/contracts/define'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { NotificationFailed, NotificationSent } from '@rollcall/contracts/notifications'
import type { Clock } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import { type FailingAction, transitions } from './delivery.ts'
import { endDelivery } from './end-queries.ts'
import type { Ledger } from './ledger.ts'
import type { DeliveryMetrics } from './metrics.ts'
import type { Reason } from './reasons.ts'
import type { Delivery } from './tables.ts'

export interface EndDeps {
  db: Kysely<NotificationsDatabase>
  clock: Clock
  log: Logger
  metrics: DeliveryMetrics
}

export interface AcceptDeps extends Pick<EndDeps, 'clock' | 'metrics'> {
  ledger: Pick<Ledger, 'accept'>
}

/** The server has taken the mail: `sent`, and the fact that says so. */
export async function acceptDelivery(deps: AcceptDeps, delivery: Delivery, reply: string): Promise<void> {
  const { ledger, clock, metrics } = deps
  const at = clock.now()
  const fact = message(NotificationSent, { data: about(delivery), sequence: delivery.version + 1, at })
  const ended = await ledger.accept({ delivery, reply, at, fact })
  if (ended) metrics.ended(delivery, 'sent', at)
}

export interface Failure {
  action: FailingAction
  reason: Reason
  /** The server's words. */
  reply?: string
}

/**
 * Ends a delivery without a mail, with its reason, and tells so.
 *
 * @returns false when somebody else has ended it before: then nothing happens
 */
export async function failDelivery(deps: EndDeps, delivery: Delivery, failure: Failure): Promise<boolean> {
  const { db, clock, metrics } = deps
  const at = clock.now()
  const state = transitions[failure.action].to
  const fact = tellOfFailure(deps, delivery, { state, reason: failure.reason, at })
  const ended = await endDelivery(db, delivery, { ...failure, at, fact })
  if (ended) metrics.ended(delivery, state, at)
  return ended
}

interface Told {
  state: DataOf<typeof NotificationFailed>['state']
  reason: Reason
  at: Date
}

/** A reason that the contract does not take must not keep a delivery from ending: it would be tried until it expires. */
function tellOfFailure({ log }: EndDeps, delivery: Delivery, { state, reason, at }: Told): OutgoingMessage {
  const tell = (code: Reason) => {
    const data = { ...about(delivery), state, reason: code }
    return message(NotificationFailed, { data, sequence: delivery.version + 1, at })
  }
  try {
    return tell(reason)
  } catch (error) {
    log.error({ err: error, deliveryId: delivery.id }, 'a reason is no code; the delivery ends without it')
    return tell('unspecified')
  }
}

function about({ id, fact_id, template, channel, recipient_id }: Delivery) {
  return { deliveryId: id, factId: fact_id, template, channel, recipientId: recipient_id }
}
