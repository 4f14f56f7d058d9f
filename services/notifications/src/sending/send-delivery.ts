import { setTimeout as sleep } from 'node:timers/promises'
import type { NotYet } from '@rollcall/jobs/worker'
import { type Checkpoint, noCheckpoint } from '@rollcall/runtime/checkpoint'
import { SpanKind, withSpan } from '@rollcall/runtime/trace'
import type { MailContext } from '../ledger/claim.ts'
import { MOST_ATTEMPTS, retryDelay } from '../ledger/delivery.ts'
import { acceptDelivery, type EndDeps, failDelivery } from '../ledger/end-delivery.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findDelivery, markAfterDot, postponeDelivery } from '../ledger/queries.ts'
import type { Reason } from '../ledger/reasons.ts'
import type { Delivery } from '../ledger/tables.ts'
import type { MailSender, OutgoingMail } from '../smtp/mail-sender.ts'
import type { SendOutcome } from '../smtp/outcome.ts'
import { untilAnswered } from './until-answered.ts'
import { type WriteDeps, writeMail } from './write-mail.ts'

export interface SendDeps extends EndDeps, WriteDeps {
  sender: MailSender
  ledger: Ledger
  /** Milliseconds that an attempt owns its delivery; an attempt ends before that. */
  leaseMs: number
  /** Passes `mail-after-claim`, `mail-after-send` and `mail-after-mark`. */
  checkpoint?: Checkpoint
}

/** The share of a lease that is kept for writing down what became of the attempt. */
const LEASE_MARGIN = 0.2

interface Claimed {
  delivery: Delivery
  context: MailContext
}

interface SendJob {
  deliveryId: string
  generation: number
}

/**
 * One attempt at a delivery: claim, write, hand to the SMTP server, note what became of it. What there is nothing to do
 * for (another worker has it, it has ended, the job is of an older generation) ends quietly.
 */
export async function sendDelivery(deps: SendDeps, job: SendJob): Promise<NotYet | undefined> {
  const { db, clock, metrics, checkpoint = noCheckpoint } = deps
  const began = performance.now()
  const { claim, leaseEnds } = await claimSoon(deps, job)
  if (!claim) return undefined
  if (claim.kind === 'not-yet') {
    if (clock.now() < claim.sendBefore) return { again: pauseForProjection(claim.ageMs) }
    const waiting = await findDelivery(db, job.deliveryId)
    if (waiting) await failDelivery(deps, waiting, { action: 'expire', reason: 'projection-missing' })
    return undefined
  }
  metrics.stage('claimed', performance.now() - began)
  await checkpoint('mail-after-claim')
  return attempt(deps, claim, leaseEnds)
}

/** Milliseconds for which it pays to ask again at once: to give a job back and fetch it again costs more than that. */
const SOON_MS = 60
const FIRST_PAUSE_MS = 5

/** Claims; asks again a few times where what the projections must know is only just on its way. */
async function claimSoon({ ledger, leaseMs }: SendDeps, { deliveryId, generation }: SendJob) {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs += FIRST_PAUSE_MS) {
    // Before the claim, so that this process never believes in its lease longer than the database does.
    const leaseEnds = performance.now() + leaseMs
    const claim = await ledger.claim({ id: deliveryId, generation, leaseMs })
    if (claim?.kind !== 'not-yet' || claim.ageMs > SOON_MS) return { claim, leaseEnds }
    await sleep(pauseMs)
  }
}

/** What is late by more than a few milliseconds is asked for less and less often. */
function pauseForProjection(ageMs: number): number {
  return Math.min(Math.max(10, ageMs / 4), 30_000)
}

async function attempt(deps: SendDeps, { delivery, context }: Claimed, leaseEnds: number): Promise<NotYet | undefined> {
  const { checkpoint = noCheckpoint } = deps
  const began = performance.now()
  const timeLeft = () => Math.floor(leaseEnds - performance.now() - deps.leaseMs * LEASE_MARGIN)
  const written = await writeMail(deps, { delivery, context, deadlineMs: timeLeft() })
  if (written.kind === 'postponed') return postpone(deps, delivery, { reason: written.reason })
  if (written.kind === 'ended') return end(deps, delivery, () => failDelivery(deps, delivery, written.failure))

  const timeoutMs = timeLeft()
  // This process was frozen, or the storage took too long: by now the delivery may be another worker's.
  if (timeoutMs <= 0) return undefined

  const outcome = await handOver(deps, delivery, { mail: written.mail, timeoutMs, began })
  await checkpoint('mail-after-send')
  const again = await note(deps, delivery, outcome)
  await checkpoint('mail-after-mark')
  return again
}

interface HandOver {
  mail: OutgoingMail
  timeoutMs: number
  /** When the delivery was claimed, by `performance.now()`. */
  began: number
}

/** To the SMTP server; notes how long that took, and the server's answer. */
async function handOver(deps: SendDeps, delivery: Delivery, { mail, timeoutMs, began }: HandOver) {
  const { db, sender, metrics } = deps
  const beforeDot = delivery.policy === 'hold' ? () => markAfterDot(db, delivery) : undefined
  let dotAt = 0
  const onDot = () => {
    dotAt = performance.now()
    metrics.stage('written', dotAt - began)
  }
  const about = { kind: SpanKind.CLIENT, attributes: spanAttributes(delivery) }
  return withSpan('smtp send', about, async (span) => {
    const outcome = await sender.send(mail, { beforeDot, onDot, timeoutMs })
    if (outcome.kind === 'accepted') metrics.stage('dot', performance.now() - dotAt)
    span.setAttribute('rollcall.outcome', outcome.kind)
    if ('reply' in outcome) span.setAttribute('smtp.reply', outcome.reply)
    return outcome
  })
}

function spanAttributes({ id, template, attempts }: Delivery) {
  return { 'rollcall.delivery_id': id, 'rollcall.template': template, 'rollcall.attempt': attempts }
}

/** Writes an attempt's outcome into the ledger. */
async function note(deps: SendDeps, delivery: Delivery, outcome: SendOutcome): Promise<NotYet | undefined> {
  if (outcome.kind === 'accepted') return end(deps, delivery, () => acceptDelivery(deps, delivery, outcome.reply))
  if (outcome.kind === 'refused') {
    const { forGood, reply } = outcome
    if (!forGood) return postpone(deps, delivery, { reason: 'refused-for-now', reply })
    return end(deps, delivery, () => failDelivery(deps, delivery, { action: 'bounce', reason: 'refused', reply }))
  }
  const { phase, reason } = outcome
  if (phase === 'after-dot' && delivery.policy === 'hold') {
    return end(deps, delivery, () => failDelivery(deps, delivery, { action: 'hold', reason: `${reason}-after-dot` }))
  }
  return postpone(deps, delivery, { reason: `${reason}-${phase}` })
}

interface Postponement {
  reason: Reason
  reply?: string
}

async function postpone(deps: SendDeps, delivery: Delivery, why: Postponement): Promise<NotYet | undefined> {
  const { db, log, leaseMs } = deps
  log.info({ deliveryId: delivery.id, attempt: delivery.attempts, reason: why.reason }, 'a mail is tried again later')
  if (delivery.attempts >= MOST_ATTEMPTS) {
    return end(deps, delivery, () => failDelivery(deps, delivery, { action: 'giveUp', ...why }))
  }
  const delayMs = retryDelay(delivery.attempts)
  const postponeIt = () => postponeDelivery(db, delivery, { delayMs, ...why })
  const done = await untilAnswered(postponeIt, { log, limitMs: leaseMs })
  return done ? { again: delayMs } : undefined
}

/** An outcome that can't be written is worth waiting for: without it the mail would be sent again. */
async function end({ log, leaseMs }: SendDeps, delivery: Delivery, write: () => Promise<unknown>): Promise<undefined> {
  await untilAnswered(write, { log, limitMs: leaseMs })
  log.debug({ deliveryId: delivery.id, attempt: delivery.attempts }, 'an attempt has ended')
}
