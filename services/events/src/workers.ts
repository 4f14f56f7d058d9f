import { createQueue } from '@rollcall/jobs/queue'
import { createRedis } from '@rollcall/jobs/redis'
import { startWorker } from '@rollcall/jobs/worker'
import type { ConsumerOptions } from '@rollcall/messaging/consumer'
import type { KafkaClients } from '@rollcall/messaging/kafka'
import { keepConsuming } from '@rollcall/messaging/keep-consuming'
import type { KafkaProducer } from '@rollcall/messaging/producer'
import { seconds } from '@rollcall/runtime/clock'
import type { Registry } from '@rollcall/runtime/metrics'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import { authorizationSubscriptions } from './authorization/subscriptions.ts'
import type { EventsConfig } from './config.ts'
import { type IssueTicketDeps, issueTicket } from './tickets/issue-ticket.ts'
import { ticketJobs, ticketQueue } from './tickets/jobs.ts'
import { startTicketSweeper, ticketSubscriptions } from './tickets/request-tickets.ts'

interface WorkerDeps extends IssueTicketDeps {
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

  const workerConnection = own(createRedis({ ...config.redis, role: 'worker' }), (it) => it.disconnect())
  const worker = await startWorker({
    connection: workerConnection,
    queue: ticketQueue,
    jobs: ticketJobs,
    handlers: { 'issue-ticket': ({ registrationId }) => issueTicket(deps, registrationId) },
    concurrency: config.tickets.concurrency,
    log,
  })
  own(worker, (it) => it.close())

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
