import { setTimeout as sleep } from 'node:timers/promises'
import { jobIdOf } from './delivery.ts'
import { type EndDeps, failDelivery } from './end-delivery.ts'
import { enqueue } from './enqueue.ts'
import type { MailQueue } from './jobs.ts'
import {
  findExhausted,
  findOverdue,
  findUnclear,
  raiseGenerations,
  recoverAbandoned,
  touchQueued,
} from './sweeper-queries.ts'

export interface SweeperOptions extends EndDeps {
  queue: MailQueue
  /** Pause between sweeps, in milliseconds. */
  intervalMs: number
  /** How long a delivery that is due may go unseen before its job is looked for in Redis, in milliseconds. */
  graceMs: number
}

/** Looked at in one go. */
const PAGE = 500

/**
 * Puts back what is missing: jobs that Redis has lost or that were never added, and deliveries whose worker has died.
 * The ledger is the truth, the queue only an index of it.
 */
export function startSweeper(options: SweeperOptions): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const running = (async () => {
    while (!signal.aborted) {
      const found = await sweep(options).catch((error: unknown) => {
        options.log.warn({ err: error }, 'the sweep could not finish; the next one goes on')
        return 0
      })
      // A whole page put back means that there is more: a flushed Redis is refilled without pauses.
      if (found < PAGE) await sleep(options.intervalMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** One sweep; gives how many deliveries it has put back into the queue. */
export async function sweep(options: SweeperOptions): Promise<number> {
  await settleAbandoned(options)
  return refill(options)
}

/**
 * Deliveries whose worker has died in the middle: tried again, held where a second copy would be worse than none, given up
 * after as many attempts as any other.
 */
async function settleAbandoned(options: SweeperOptions): Promise<void> {
  const { db, queue, log } = options
  for (const delivery of await findUnclear(db, PAGE)) {
    // Every process sweeps: another one may have ended it by now.
    if (!(await failDelivery(options, delivery, { action: 'hold', reason: 'worker-lost-after-dot' }))) continue
    log.warn({ deliveryId: delivery.id }, 'a mail is held: its worker died when the mail may have been out')
  }
  for (const delivery of await findExhausted(db, PAGE)) {
    if (!(await failDelivery(options, delivery, { action: 'giveUp', reason: 'worker-lost' }))) continue
    log.error({ deliveryId: delivery.id }, 'a mail is given up: none of its attempts came to an end')
  }
  const recovered = await recoverAbandoned(db, PAGE)
  if (recovered.length === 0) return
  log.warn({ deliveries: recovered.length }, 'the worker of these mails has died; they are tried again')
  await enqueue(queue, recovered)
}

async function refill({ db, queue, log, graceMs }: SweeperOptions): Promise<number> {
  const overdue = await findOverdue(db, { graceMs, limit: PAGE })
  if (overdue.length === 0) return 0
  const states = await Promise.all(overdue.map((delivery) => queue.queue.getJobState(jobIdOf(delivery))))
  // A job that is kept though done, or failed, runs no more: its id is spent.
  const isMissing = (index: number) => ['unknown', 'completed', 'failed'].includes(states[index] ?? 'unknown')
  const missing = overdue.filter((_, index) => isMissing(index))
  const present = overdue.filter((_, index) => !isMissing(index))
  await touchQueued(
    db,
    present.map(({ id }) => id),
  )
  const raised = await raiseGenerations(db, missing)
  await enqueue(queue, raised)
  if (raised.length > 0) log.warn({ deliveries: raised.length }, 'jobs were missing in the queue and are put back')
  return raised.length
}
