import { createDatabase } from '@rollcall/database/connect'
import { connectLimitsRedis } from '@rollcall/http/limits-redis'
import { listen } from '@rollcall/http/listen'
import { createRateLimits } from '@rollcall/http/rate-limits'
import { createQueue } from '@rollcall/jobs/queue'
import { createRedis } from '@rollcall/jobs/redis'
import { startWorker } from '@rollcall/jobs/worker'
import type { ConsumerOptions } from '@rollcall/messaging/consumer'
import { createKafka } from '@rollcall/messaging/kafka'
import { keepConsuming } from '@rollcall/messaging/keep-consuming'
import { connectProducer } from '@rollcall/messaging/producer'
import { startRelay } from '@rollcall/outbox/relay'
import { killAt } from '@rollcall/runtime/checkpoint'
import { systemClock as clock, seconds } from '@rollcall/runtime/clock'
import { createReadiness, startHealthServer } from '@rollcall/runtime/health'
import { createRegistry } from '@rollcall/runtime/metrics'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import { createObjectStorage } from '@rollcall/storage/objects'
import { Queue } from 'bullmq'
import { createRemoteJWKSet } from 'jose'
import { sql } from 'kysely'
import type { NotificationsConfig } from './config.ts'
import type { NotificationsDatabase } from './database/tables.ts'
import { MAIL_QUEUE, mailJobs } from './deliveries/jobs.ts'
import type { ContentMakers } from './deliveries/mail-content.ts'
import { registerDeliveryMetrics } from './deliveries/metrics.ts'
import { sendDelivery } from './deliveries/send-delivery.ts'
import { startSweeper } from './deliveries/sweeper.ts'
import { createMailSender } from './email/mail-sender.ts'
import { createNotificationsApp } from './http.ts'
import { authorizationSubscriptions, mailSubscriptions, projectionSubscriptions } from './subscriptions.ts'
import { createRenderer } from './templates/render.ts'
import { ticketContent } from './tickets/ticket-mail.ts'
import { withKeyIds } from './verification/key-ids.ts'
import { verificationContent } from './verification/verification-mail.ts'

const contents: ContentMakers = { 'verify-email': verificationContent, 'ticket-issued': ticketContent }

/**
 * Nobody waits for the facts about deliveries, so they are polled for and go out in batches: waking the relay for each
 * would cost every mail two statements and a request to Kafka more.
 */
const OUTBOX_POLL_MS = 100

/** Builds the service in reading order; what is opened last closes first. */
export async function startNotificationsService(config: NotificationsConfig, process: ServiceProcess): Promise<void> {
  const { log, lifecycle } = process
  const { own } = lifecycle
  const registry = createRegistry('notifications')
  const readiness = createReadiness()
  own(await startHealthServer({ port: config.http.innerPort, readiness, registry, log }), (it) => it.close())
  const started = readiness.gate('start')
  const checkpoint = killAt(config.checkpointKill)

  const db = own(
    createDatabase<NotificationsDatabase>({ ...config.database, applicationName: 'notifications' }),
    (it) => it.destroy(),
  )
  const askDatabase = () => sql`select 1`.execute(db)
  readiness.check('postgres', askDatabase)
  await waitFor('PostgreSQL', askDatabase, { log })

  const kafka = createKafka({ ...config.kafka, clientId: 'notifications', log })
  const connect = () => waitFor('Kafka', () => connectProducer({ kafka, log }), { log })
  const relayProducer = own(await connect(), (it) => it.disconnect())
  const outbox = { db, databaseUrl: config.database.url, pollBusyMs: OUTBOX_POLL_MS }
  own(startRelay({ ...outbox, producer: relayProducer, log, registry, checkpoint }), (it) => it.stop())

  const producerRedis = own(createRedis({ ...config.redis, role: 'producer' }), (it) => it.disconnect())
  const workerRedis = own(createRedis({ ...config.redis, role: 'worker' }), (it) => it.disconnect())
  // BullMQ asks Redis for its version when a queue is made, and never again: a queue made before Redis answers stays broken.
  await waitFor('Redis', () => producerRedis.ping(), { log })
  const queue = own(createQueue({ connection: producerRedis, name: MAIL_QUEUE, jobs: mailJobs }), (it) => it.close())
  const sender = own(createMailSender(config.mail), (it) => it.close())
  const metrics = registerDeliveryMetrics(db, registry)
  const sendDeps = {
    metrics,
    db,
    clock,
    log,
    checkpoint,
    sender,
    contents,
    storage: createObjectStorage(config.storage),
    privateKeys: await withKeyIds(config.privateKeys),
    renderer: createRenderer({ publicUrl: config.publicUrl }),
    leaseMs: config.leaseMs,
  }
  const workerOptions = {
    connection: workerRedis,
    queue: MAIL_QUEUE,
    jobs: mailJobs,
    handlers: { 'send-mail': (job: { deliveryId: string; generation: number }) => sendDelivery(sendDeps, job) },
    concurrency: config.mail.poolSize,
    log,
  }
  own(await waitFor('Redis', () => startWorker(workerOptions), { log }), (it) => it.close())
  own(startSweeper({ db, clock, metrics, queue, log, ...config.sweeper }), (it) => it.stop())

  const deadLetters = own(await connect(), (it) => it.disconnect())
  const consume = (options: Pick<ConsumerOptions, 'groupId' | 'subscriptions' | 'sessionTimeoutMs'>) => {
    const all = { kafka, log, producer: deadLetters, registry, checkpoint, ...options }
    const consumer = own(keepConsuming(all), (it) => it.stop())
    void consumer.failed.then(lifecycle.fail)
    return consumer
  }
  const authorization = consume({
    groupId: 'notifications.authorization',
    subscriptions: authorizationSubscriptions(db),
    sessionTimeoutMs: seconds(6),
  })
  consume({ groupId: 'notifications.projections', subscriptions: projectionSubscriptions(db) })
  consume({
    groupId: 'notifications.mails',
    subscriptions: mailSubscriptions({ db, queue, log, mailFrom: config.mail.from, checkpoint }),
  })

  const limitsRedis = own(connectLimitsRedis(config.redis.url, log), (it) => it.disconnect())
  const queues = config.dashboardQueues.map((name) =>
    own(new Queue(name, { connection: producerRedis, skipWaitingForReady: true }), (it) => it.close()),
  )
  const app = createNotificationsApp({
    db,
    keys: createRemoteJWKSet(new URL(config.tokens.jwksUrl)),
    issuer: config.tokens.issuer,
    queues,
    http: config.http,
    rateLimits: createRateLimits({ redis: limitsRedis, factor: config.http.rateLimitFactor }),
    knowledgeAgeMs: authorization.lastFetchAgeMs,
    log,
    registry,
  })
  const listener = own(await listen(app, config.http.port), (it) => it.drain())
  started.open()
  log.info({ port: listener.port }, 'notifications is ready')
}
