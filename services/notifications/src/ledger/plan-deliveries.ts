import { type Checkpoint, noCheckpoint } from '@rollcall/runtime/checkpoint'
import { addMilliseconds } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import { type DeliveryData, deliveryId, type LossPolicy, type Need } from './delivery.ts'
import { enqueue } from './enqueue.ts'
import type { MailQueue } from './jobs.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { findStaff, findWaiting, insertDeliveries, type NewDelivery } from './queries.ts'

export interface PlanDeps {
  db: Kysely<NotificationsDatabase>
  queue: Pick<MailQueue, 'addMany'>
  log: Logger
  metrics: Pick<DeliveryMetrics, 'stage'>
  /** `Name <address>`, for the Message-IDs. */
  mailFrom: string
  /** Passes `plan-before-enqueue`. */
  checkpoint?: Checkpoint
}

/** In place of a recipient's id: managers and admins, each of whom gets a mail of their own. */
export const STAFF = 'staff'

/** One mail that a fact asks for. */
export interface PlannedMail {
  fact: { id: string; time: Date; publishedAt: Date; traceparent?: string }
  /** The mail's name. */
  template: string
  policy: LossPolicy
  /** When the mail stops making sense, in milliseconds after its fact. */
  sendWithinMs: number
  recipientId: string
  data: DeliveryData
  needs: Need[]
}

/**
 * Writes deliveries into the ledger, then into the queue; again into the queue for facts seen before, because the first
 * try may have died between the two. A queue that is away is left to the sweeper: facts must not wait for Redis.
 */
export async function planDeliveries(deps: PlanDeps, mails: PlannedMail[]): Promise<void> {
  const { db, queue, log, checkpoint = noCheckpoint } = deps
  if (mails.length === 0) return
  const began = performance.now()
  const deliveries = (await addressed(db, mails)).map((mail) => toDelivery(mail, deps.mailFrom))
  if (deliveries.length === 0) return
  const added = await insertDeliveries(db, deliveries)
  noteStored(deps, mails, performance.now() - began)
  await checkpoint('plan-before-enqueue')
  const isNew = new Set(added.map(({ id }) => id))
  const known = deliveries.map(({ id }) => id).filter((id) => !isNew.has(id))
  const waiting = [...added, ...(await findWaiting(db, known))]
  try {
    await enqueue(queue, waiting)
  } catch (error) {
    log.warn({ err: error, deliveries: waiting.length }, 'the queue is away; the sweeper will fill it')
  }
}

async function addressed(db: PlanDeps['db'], mails: PlannedMail[]): Promise<PlannedMail[]> {
  if (!mails.some(({ recipientId }) => recipientId === STAFF)) return mails
  const staff = await findStaff(db)
  return mails.flatMap((mail) => {
    if (mail.recipientId !== STAFF) return [mail]
    return staff.map((recipientId) => {
      const needs: Need[] = [...mail.needs, { projection: 'recipients', id: recipientId, sequence: 0 }]
      return { ...mail, recipientId, needs }
    })
  })
}

function noteStored({ metrics }: PlanDeps, mails: PlannedMail[], tookMs: number): void {
  const began = Date.now() - tookMs
  for (const { fact } of mails) {
    metrics.stage('consumed', began - fact.publishedAt.getTime())
    metrics.stage('ledger', tookMs)
  }
}

function toDelivery(planned: PlannedMail, mailFrom: string): NewDelivery {
  const { fact, template, recipientId, data, needs, policy, sendWithinMs } = planned
  const id = deliveryId({ factId: fact.id, template, recipientId, channel: 'email' })
  return {
    id,
    fact_id: fact.id,
    template,
    channel: 'email',
    recipient_id: recipientId,
    data,
    policy,
    message_id: messageIdOf(id, mailFrom),
    send_before: addMilliseconds(fact.time, sendWithinMs),
    needs,
    created_at: fact.time,
    traceparent: fact.traceparent ?? null,
  }
}

/** `<deliveryId@domain>`: kept with the delivery, as the receiving side recognises a retry by it. */
function messageIdOf(deliveryId: string, from: string): string {
  return `<${deliveryId}@${/@([^>\s]+)/.exec(from)?.[1] ?? 'localhost'}>`
}
