import { RegistrationConfirmed } from '@rollcall/contracts/registrations'
import type { JobQueue } from '@rollcall/jobs/queue'
import { on, type Subscription } from '@rollcall/messaging/subscriptions'
import { addMilliseconds, type Clock, minutes, seconds } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import { type Periodic, startPeriodic } from '@rollcall/runtime/periodic'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { listWithoutTicket } from '../registrations/queries.ts'
import type { ticketJobs } from './jobs.ts'

type TicketQueue = JobQueue<typeof ticketJobs>

export function ticketSubscriptions(queue: TicketQueue): Subscription[] {
  return [
    on(RegistrationConfirmed, 'issue-ticket', async (messages) => {
      await queue.addMany(
        messages.map(({ data, traceparent }) => ({
          name: 'issue-ticket' as const,
          data: { registrationId: data.registrationId },
          jobId: data.registrationId,
          traceparent,
        })),
      )
    }),
  ]
}

/** Asks for the tickets of registrations; where Redis is away the sweeper does, a little later. */
export function createTicketRequests(queue: TicketQueue, log: Logger) {
  return async (registrationIds: string[]): Promise<void> => {
    const jobs = registrationIds.map((id) => ({
      name: 'issue-ticket' as const,
      data: { registrationId: id },
      jobId: id,
    }))
    await queue.addMany(jobs).catch((error: unknown) => log.warn({ err: error }, 'tickets wait for the sweeper'))
  }
}

interface SweeperOptions {
  db: Kysely<EventsDatabase>
  queue: TicketQueue
  clock: Clock
  log: Logger
  /** Age, in milliseconds, at which a missing ticket is overdue. */
  overdueMs?: number
}

const EVERY_MS = seconds(5)

/** Puts back what Redis has lost: registrations without a ticket are known to the database. */
export function startTicketSweeper({ db, queue, clock, log, overdueMs = seconds(15) }: SweeperOptions): Periodic {
  return startPeriodic({ name: 'ticket-sweeper', everyMs: EVERY_MS, log }, async () => {
    const now = clock.now()
    const overdue = await listWithoutTicket(db, addMilliseconds(now, -overdueMs))
    if (overdue.length === 0) return
    log.warn({ tickets: overdue.length }, 'overdue tickets are asked for again')
    // BullMQ ignores an id that it has kept, so every ten minutes have ids of their own.
    const round = Math.floor(now.getTime() / minutes(10))
    await queue.addMany(
      overdue.map(({ id }) => ({
        name: 'issue-ticket' as const,
        data: { registrationId: id },
        jobId: `${id}-${round}`,
      })),
    )
  })
}
