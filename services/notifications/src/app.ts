import { openAccess } from '@rollcall/access/access'
import { createQueue } from '@rollcall/jobs/queue'
import { createRedis } from '@rollcall/jobs/redis'
import { startWorker } from '@rollcall/jobs/worker'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import { openConsumers } from '@rollcall/service/consume'
import { openFoundation } from '@rollcall/service/foundation'
import { serve } from '@rollcall/service/serve'
import { createObjectStorage } from '@rollcall/storage/objects'
import { Queue } from 'bullmq'
import type { NotificationsConfig } from './config.ts'
import type { NotificationsDatabase } from './database/tables.ts'
import { MAIL_QUEUE, mailJobs } from './ledger/jobs.ts'
import { openLedger } from './ledger/ledger.ts'
import { registerDeliveryMetrics } from './ledger/metrics.ts'
import { startSweeper } from './ledger/sweeper.ts'
import { mails } from './mails/mails.ts'
import { mailGroups } from './mails/subscriptions.ts'
import { queueRoutes } from './operations/routes.ts'
import { projectionGroups } from './projections/subscriptions.ts'
import { createRenderer } from './rendering/render.ts'
import { withKeyIds } from './sending/key-ids.ts'
import { sendDelivery } from './sending/send-delivery.ts'
import { createMailSender } from './smtp/mail-sender.ts'

/**
 * Nobody waits for the facts about deliveries, so they are polled for and go out in batches: waking the relay for each
 * would cost every mail two statements and a request to Kafka more.
 */
const OUTBOX_POLL_MS = 100

/** Builds the service in reading order; what is opened last closes first. */
export async function startNotificationsService(config: NotificationsConfig, process: ServiceProcess): Promise<void> {
  const foundation = await openFoundation<NotificationsDatabase>({ ...config, outboxPollMs: OUTBOX_POLL_MS }, process)
  const { db, clock, log, registry, checkpoint, own } = foundation

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
    ledger: openLedger(db),
    clock,
    log,
    checkpoint,
    sender,
    mails: new Map(mails.map((mail) => [mail.name, mail])),
    storage: createObjectStorage(config.storage),
    privateKeys: await withKeyIds(config.privateKeys),
    publicUrl: config.publicUrl,
    renderer: createRenderer({ publicUrl: config.publicUrl, templates: mails }),
    leaseMs: config.leaseMs,
  }
  const workerOptions = {
    connection: workerRedis,
    queue: MAIL_QUEUE,
    jobs: mailJobs,
    handlers: { 'send-mail': (job: { deliveryId: string; generation: number }) => sendDelivery(sendDeps, job) },
    concurrency: config.mail.poolSize,
    log,
    waited: (milliseconds: number) => metrics.stage('active', milliseconds),
  }
  own(await waitFor('Redis', () => startWorker(workerOptions), { log }), (it) => it.close())
  own(startSweeper({ db, clock, metrics, queue, log, ...config.sweeper }), (it) => it.stop())

  const access = openAccess({ ...foundation, tokens: config.tokens })
  const consume = await openConsumers(foundation)
  const roles = consume({ groupId: 'notifications.access', ...access.group })
  const planDeps = { db, queue, log, metrics, mailFrom: config.mail.from, checkpoint }
  for (const group of [...projectionGroups(db), ...mailGroups(planDeps, mails)]) consume(group)

  const queues = config.dashboardQueues.map((name) =>
    own(new Queue(name, { connection: producerRedis, skipWaitingForReady: true }), (it) => it.close()),
  )
  await serve(foundation, {
    config,
    routes: queueRoutes(queues),
    authenticate: access.authenticate,
    knowledgeAgeMs: roles.behindMs,
  })
}
