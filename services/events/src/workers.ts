import { createQueue } from '@rollcall/jobs/queue'
import { createRedis } from '@rollcall/jobs/redis'
import type { ConsumerOptions } from '@rollcall/messaging/consumer'
import type { KafkaClients } from '@rollcall/messaging/kafka'
import { keepConsuming } from '@rollcall/messaging/keep-consuming'
import type { KafkaProducer } from '@rollcall/messaging/producer'
import { type Clock, seconds } from '@rollcall/runtime/clock'
import type { Registry } from '@rollcall/runtime/metrics'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import type { Kysely } from 'kysely'
import { authorizationSubscriptions } from './authorization/subscriptions.ts'
import type { EventsConfig } from './config.ts'
import type { EventsDatabase } from './database/tables.ts'
import { ticketJobs, ticketQueue } from './tickets/jobs.ts'
import { startTicketSweeper, ticketSubscriptions } from './tickets/request-tickets.ts'
import { startTicketThread } from './tickets/start-ticket-thread.ts'

interface WorkerDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
  kafka: KafkaClients
  producer: KafkaProducer
  registry: Registry
}

/** A process that would have told of a demotion and died is replaced this fast. */
const AUTHORIZATION_SESSION_MS = seconds(6)

/** Starts what reacts to messages. Gives the age of what this service knows about roles. */
export async function startWorkers(config: EventsConfig, { log, lifecycle }: ServiceProcess, deps: WorkerDeps) {
  const { own } = lifecycle
  const { db, clock } = deps
  const connection = own(createRedis({ ...config.redis, role: 'producer' }), (it) => it.disconnect())
  await waitFor('Redis', () => connection.ping(), { log })
  const queue = own(createQueue({ connection, name: ticketQueue, jobs: ticketJobs }), (it) => it.close())
  own(startTicketSweeper({ db, queue, clock, log }), (it) => it.stop())

  const ticketThread = own(await startTicketThread(config), (it) => it.stop())
  void ticketThread.failed.then(lifecycle.fail)

  const consume = (options: Pick<ConsumerOptions, 'groupId' | 'subscriptions' | 'sessionTimeoutMs'>) => {
    const consumer = own(keepConsuming({ ...deps, log, ...options }), (it) => it.stop())
    void consumer.failed.then(lifecycle.fail)
    return consumer
  }
  consume({ groupId: 'events.tickets', subscriptions: ticketSubscriptions(queue) })
  const authorization = consume({
    groupId: 'events.authorization',
    subscriptions: authorizationSubscriptions(db),
    sessionTimeoutMs: AUTHORIZATION_SESSION_MS,
  })
  return { knowledgeAgeMs: authorization.lastFetchAgeMs }
}
