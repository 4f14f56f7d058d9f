import { randomUUID } from 'node:crypto'
import { createQueue } from '@rollcall/jobs/queue'
import { createRedis } from '@rollcall/jobs/redis'
import { startWorker } from '@rollcall/jobs/worker'
import { systemClock } from '@rollcall/runtime/clock'
import { createRegistry } from '@rollcall/runtime/metrics'
import { createTestSecrets } from '@rollcall/test-stack/environments'
import { createTestDatabase } from '@rollcall/testing/database'
import { startSmtpSink } from '@rollcall/testing/smtp-sink'
import { inject } from 'vitest'
import { migrations } from '../src/database/migrations.ts'
import type { NotificationsDatabase } from '../src/database/tables.ts'
import type { LossPolicy } from '../src/ledger/delivery.ts'
import { MAIL_QUEUE, mailJobs } from '../src/ledger/jobs.ts'
import { openLedger } from '../src/ledger/ledger.ts'
import { registerDeliveryMetrics } from '../src/ledger/metrics.ts'
import { type PlanDeps, planDeliveries } from '../src/ledger/plan-deliveries.ts'
import { type SweeperOptions, startSweeper, sweep } from '../src/ledger/sweeper.ts'
import { mails } from '../src/mails/mails.ts'
import { createRenderer } from '../src/rendering/render.ts'
import type { Mail } from '../src/sending/mail-content.ts'
import { type SendDeps, sendDelivery } from '../src/sending/send-delivery.ts'
import { createMailSender } from '../src/smtp/mail-sender.ts'
import { log } from './log.ts'

const MAIL_FROM = 'Rollcall <no-reply@rollcall.test>'

export type Pipeline = Awaited<ReturnType<typeof createPipeline>>

/** Ledger, queue, worker and SMTP in this process: everything behind the facts, without Kafka. */
export async function createPipeline({ leaseMs = 2000 } = {}) {
  const database = await createTestDatabase<NotificationsDatabase>({ name: 'notifications', migrations })
  const sink = await startSmtpSink()
  const { redisDatabase } = await createTestSecrets()
  const url = `${inject('engines').redis}/${redisDatabase}`
  const producer = createRedis({ url, role: 'producer' })
  const consumer = createRedis({ url, role: 'worker' })
  await new Promise<void>((resolve) =>
    producer.status === 'ready' ? resolve() : producer.once('ready', () => resolve()),
  )
  const queue = createQueue({ connection: producer, name: MAIL_QUEUE, jobs: mailJobs })
  const sender = createMailSender({ url: sink.url, from: MAIL_FROM, poolSize: 5, attemptTimeoutMs: leaseMs * 0.75 })
  const { db } = database
  const registry = createRegistry('test')
  const shared = { db, log, clock: systemClock, metrics: registerDeliveryMetrics(db, registry) }
  const sendDeps: SendDeps = {
    ...shared,
    ledger: openLedger(db),
    sender,
    leaseMs,
    storage: { read: async () => undefined },
    privateKeys: [],
    publicUrl: 'http://rollcall.test',
    renderer: createRenderer({ publicUrl: 'http://localhost:8080', templates: mails }),
    mails: new Map([['verify-email', { name: 'verify-email', content: sampleContent }]]),
  }
  const planDeps: PlanDeps = { db, log, queue, metrics: shared.metrics, mailFrom: MAIL_FROM }
  const sweeperOptions: SweeperOptions = { ...shared, queue, intervalMs: 100, graceMs: 0 }
  const worker = await startWorker({
    connection: consumer,
    queue: MAIL_QUEUE,
    jobs: mailJobs,
    handlers: { 'send-mail': (job) => sendDelivery(sendDeps, job) },
    concurrency: 5,
    log,
    waited: (milliseconds) => shared.metrics.stage('active', milliseconds),
  })

  /** Plans one mail to somebody new; gives their id. */
  async function plan({ policy = 'resend' as LossPolicy, deps = planDeps, known = true } = {}) {
    const recipientId = randomUUID()
    if (known) await addRecipient(recipientId)
    await planDeliveries(deps, [plannedMail(recipientId)])
    if (policy === 'hold') await hold(recipientId)
    return recipientId
  }

  async function addRecipient(id: string) {
    const person = {
      email: `${id}@rollcall.test`,
      nickname: 'ada',
      locale: 'en',
      time_zone: 'UTC',
    }
    await db
      .insertInto('recipients')
      .values({ id, sequence: 1, erased: false, first_name: null, ...person })
      .execute()
  }

  async function hold(recipientId: string) {
    await db.updateTable('deliveries').set({ policy: 'hold' }).where('recipient_id', '=', recipientId).execute()
  }

  return {
    db,
    databaseUrl: database.url,
    registry,
    sink,
    queue,
    plan,
    hold,
    addRecipient,
    planDeps,
    sendDeps,
    startSweeper: (changes: Partial<SweeperOptions> = {}) => startSweeper({ ...sweeperOptions, ...changes }),
    sweep: (changes: Partial<SweeperOptions> = {}) => sweep({ ...sweeperOptions, ...changes }),
    delivery: (recipientId: string) =>
      db.selectFrom('deliveries').selectAll().where('recipient_id', '=', recipientId).executeTakeFirstOrThrow(),
    mailsTo: (recipientId: string) => sink.mails.filter((mail) => mail.to.includes(`${recipientId}@rollcall.test`)),
    async facts(deliveryId: string) {
      const rows = await db.selectFrom('outbox').select(['type', 'data']).where('key', '=', deliveryId).execute()
      return rows.map(({ type, data }) => ({ type, ...JSON.parse(data ?? '{}') }))
    },
    async stop() {
      await worker.close()
      await queue.close()
      await sender.close()
      producer.disconnect()
      consumer.disconnect()
      await sink.stop()
      await database.drop()
    },
  }
}

/** What a mail shows is not what these tests are about. */
const sampleContent: Mail['content'] = async (_, { addressee }) => ({
  values: { recipientName: addressee.name, verifyUrl: 'http://localhost:8080/x', expiresAt: 'soon' },
})

export function plannedMail(recipientId: string, factId: string = randomUUID()) {
  return {
    fact: { id: factId, time: new Date(), publishedAt: new Date() },
    template: 'verify-email',
    policy: 'resend' as const,
    sendWithinMs: 24 * 3600_000,
    recipientId,
    data: {},
    needs: [{ projection: 'recipients' as const, id: recipientId, sequence: 1 }],
  }
}
