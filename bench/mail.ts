import { randomUUID } from 'node:crypto'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { seal } from '@rollcall/contracts/seal'
import { UserRegistered, UserSnapshot } from '@rollcall/contracts/users'
import { createKafka } from '@rollcall/messaging/kafka'
import { connectProducer } from '@rollcall/messaging/producer'
import { appendToOutbox } from '@rollcall/outbox/append'
import { up } from '@rollcall/outbox/migration'
import { startRelay } from '@rollcall/outbox/relay'
import type { OutboxTables } from '@rollcall/outbox/tables'
import { createTransact, type Transact } from '@rollcall/outbox/transact'
import { createOutboxWake } from '@rollcall/outbox/wake'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry } from '@rollcall/runtime/metrics'
import { applyTestTopics, createTestSecrets, type TestSecrets } from '@rollcall/test-stack/environments'
import { type SmtpSink, startSmtpSink } from '@rollcall/testing/smtp-sink'
import type { JWK } from 'jose'
import { createTransport, type Transporter } from 'nodemailer'
import { createBenchDatabase } from './database.ts'
import { benchEngines } from './engines.ts'
import { startNotifications } from './notifications-process.ts'
import { openLoop, percentile } from './open-loop.ts'
import { type BenchRow, row } from './row.ts'

const RATES = [50, 100]
const WARM_UP_SECONDS = 5
/** At once, so that both pools open all their connections: the server greets each after 100 ms only. */
const WARM_UP_BURST = 200
const SECONDS = 20
const log = createLogger({ service: 'bench', level: 'warn' })

/** Milliseconds since the epoch, with fractions, as the sink notes them. */
const now = () => performance.timeOrigin + performance.now()

/**
 * From the commit of a sign-up to the SMTP server's 250, at a fixed rate: outbox, relay, Kafka, ledger, queue, claim,
 * template, SMTP. Beside it nodemailer's pool, which is handed the same mail at the same rate, into the same server.
 */
export async function run(): Promise<BenchRow[]> {
  const sink = await startSmtpSink()
  const secrets = await createTestSecrets()
  const pool = createTransport({ url: sink.url, pool: true, maxConnections: 20, maxMessages: 10_000 })
  const users = await startUsersSide(secrets)
  const notifications = await startNotifications(sink.url, secrets)
  try {
    const key = secrets.notificationsKey.public
    const rows: BenchRow[] = []
    for (const load of [
      { rate: WARM_UP_BURST * 1000, count: WARM_UP_BURST },
      { rate: 50, count: 50 * WARM_UP_SECONDS },
    ]) {
      await delaysOfPipeline({ users, sink, key }, load)
      await delaysOfPool({ pool, sink }, load)
    }
    for (const rate of RATES) {
      const load = { rate, count: rate * SECONDS }
      const bare = await delaysOfPool({ pool, sink }, load)
      const whole = await delaysOfPipeline({ users, sink, key }, load)
      for (const [label, share] of [
        ['p50', 0.5],
        ['p99', 0.99],
      ] as const) {
        const measured = { value: percentile(whole, share), baseline: percentile(bare, share) }
        rows.push(row({ name: `mail: commit to 250 at ${rate}/s, ${label} (nodemailer)`, unit: 'ms', ...measured }))
      }
    }
    return rows
  } finally {
    await notifications.kill('SIGTERM')
    await users.stop()
    pool.close()
    await sink.stop()
  }
}

interface UsersSide {
  transact: Transact<OutboxTables>
  stop(): Promise<void>
}

/** What the users service has of the path: a database with an outbox, its wake-up and its relay. */
async function startUsersSide(secrets: TestSecrets): Promise<UsersSide> {
  const { kafka: broker } = await benchEngines()
  await applyTestTopics(secrets, broker)
  const kafka = createKafka({ brokers: [broker], clientId: 'bench', namespace: secrets.namespace, log })
  const database = await createBenchDatabase<OutboxTables>('users', { '20261121T000000Z-outbox': { up } })
  const { db, url } = database
  const producer = await connectProducer({ kafka, log })
  const relay = startRelay({ db, databaseUrl: url, producer, log, registry: createRegistry('bench') })
  const wake = createOutboxWake({ databaseUrl: url, log })
  return {
    transact: createTransact(db, wake),
    async stop() {
      await wake.stop()
      await relay.stop()
      await producer.disconnect()
      await database.close()
    },
  }
}

interface Load {
  rate: number
  count: number
}

interface Pipeline {
  users: UsersSide
  sink: SmtpSink
  key: JWK
}

async function delaysOfPipeline({ users, sink, key }: Pipeline, { rate, count }: Load): Promise<number[]> {
  const signUps = await Promise.all(Array.from({ length: count }, () => aSignUp(key)))
  const committedAt = new Map<string, number>()
  await openLoop({ rate, count }, async (index) => {
    const { email, messages } = signUps[index] as SignUp
    await users.transact((tx) => appendToOutbox(tx, ...messages))
    committedAt.set(email, now())
  })
  return delays(sink, committedAt, count)
}

interface Bare {
  pool: Transporter
  sink: SmtpSink
}

async function delaysOfPool({ pool, sink }: Bare, { rate, count }: Load): Promise<number[]> {
  const handedAt = new Map<string, number>()
  const text = 'Please confirm that this address is yours: http://localhost:8080/auth/verify-email/x/y\n'.repeat(5)
  await openLoop({ rate, count }, async () => {
    const to = `${randomUUID()}@rollcall.test`
    handedAt.set(to, now())
    await pool.sendMail({ from: 'rollcall@example.org', to, subject: 'Please confirm', text, html: `<p>${text}</p>` })
  })
  return delays(sink, handedAt, count)
}

interface SignUp {
  email: string
  messages: OutgoingMessage[]
}

async function aSignUp(key: JWK): Promise<SignUp> {
  const userId = randomUUID()
  const email = `${userId}@rollcall.test`
  const at = new Date()
  const expiresAt = new Date(at.getTime() + 24 * 3600_000).toISOString()
  const verifyUrl = `http://localhost:8080/auth/verify-email/${userId}/${randomUUID()}`
  const sealed = await seal(key, { verifyUrl, expiresAt })
  const names = { nickname: 'ada', firstName: 'Ada', lastName: null, locale: 'en', timeZone: 'UTC' }
  const status = {
    role: 'anonymous',
    professional: false,
    operator: false,
    emailVerified: false,
    locked: false,
  } as const
  const snapshot = message(UserSnapshot, { data: { userId, email, ...names, ...status }, sequence: 1, at })
  const registered = message(UserRegistered, { data: { userId, sealed }, sequence: 1, at })
  return { email, messages: [snapshot, registered] }
}

/** Waits for the last mail, then empties the sink. */
async function delays(sink: SmtpSink, since: Map<string, number>, count: number): Promise<number[]> {
  await sink.waitForMail(() => sink.mails.length >= count && since.size >= count, 60_000)
  const found = sink.mails.map((mail) => mail.receivedAt - (since.get(mail.to[0] ?? '') ?? Number.NaN))
  sink.mails.length = 0
  return found
}
