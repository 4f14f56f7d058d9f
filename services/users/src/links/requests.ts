import type { Transact } from '@rollcall/outbox/transact'
import { type Clock, seconds } from '@rollcall/runtime/clock'
import { isEngineAway } from '@rollcall/runtime/engine-away'
import { newId } from '@rollcall/runtime/ids'
import type { Logger } from '@rollcall/runtime/logger'
import { startPeriodic } from '@rollcall/runtime/periodic'
import type { Kysely, Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { LinkPurpose } from './purpose.ts'
import { dropRequest, takeRequest } from './queries.ts'

/** Mails a link to whoever has the address, if anybody has, within the transaction that ends the request. */
export type MailLink = (tx: Transaction<UsersDatabase>, emailKey: string) => Promise<void>

export interface LinkRequests {
  /** Notes a request, and has it dealt with at once. */
  add(purpose: LinkPurpose, emailKey: string): Promise<void>
  /** Deals with what is in hand. */
  stop(): Promise<void>
}

interface LinkRequestsOptions {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  log: Logger
  /** By the purpose's name. */
  mailLink: Readonly<Record<string, MailLink>>
}

/** What a process that has died has left is found by another within this time. */
const EVERY_MS = seconds(2)

/**
 * Requests for links by address. Whoever asks is answered as soon as the request is stored, which is the same work for
 * every address: what is done for one that has an account is done afterwards, so that no answer's time tells of it. And it
 * is stored, so that it is not lost with a process.
 */
export function startLinkRequests(options: LinkRequestsOptions): LinkRequests {
  const { db, clock, log } = options
  let working: Promise<void> | undefined

  function work(): Promise<void> {
    working ??= drain(options).finally(() => {
      working = undefined
    })
    return working
  }

  const rounds = startPeriodic({ name: 'link-requests', everyMs: EVERY_MS, log }, work)
  return {
    async add(purpose, emailKey) {
      const request = { id: newId(), purpose: purpose.name, email_key: emailKey, requested_at: clock.now() }
      await db.insertInto('link_requests').values(request).execute()
      // After the answer: on a busy core it would otherwise wait for the work of the requests before it.
      setImmediate(() => void work().catch((error: unknown) => log.warn({ err: error }, 'links are mailed later')))
    },
    async stop() {
      await rounds.stop()
      await working?.catch(() => {})
    },
  }
}

async function drain({ transact, log, mailLink }: LinkRequestsOptions): Promise<void> {
  // What a newer version has asked for is left to its own processes.
  const purposes = Object.keys(mailLink)
  for (;;) {
    let inHand: string | undefined
    try {
      const taken = await transact(async (tx) => {
        const request = await takeRequest(tx, purposes)
        inHand = request?.id
        if (request) await mailLink[request.purpose]?.(tx, request.email_key)
        return request !== undefined
      })
      if (!taken) return
    } catch (error) {
      const failed = inHand
      if (failed === undefined || isEngineAway(error)) throw error
      // What fails for another reason fails again: it must not hold up the requests behind it.
      log.error({ err: error }, 'a link could not be mailed; whoever wants it has to ask again')
      await transact((tx) => dropRequest(tx, failed))
    }
  }
}
