import { randomUUID } from 'node:crypto'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { seal } from '@rollcall/contracts/seal'
import { UserRegistered, UserSnapshot } from '@rollcall/contracts/users'
import { createKafka } from '@rollcall/messaging/kafka'
import { connectProducer } from '@rollcall/messaging/producer'
import { up } from '@rollcall/outbox/migration'
import { startRelay } from '@rollcall/outbox/relay'
import type { OutboxTables } from '@rollcall/outbox/tables'
import { createTransact, type Transact } from '@rollcall/outbox/transact'
import { createOutboxWake } from '@rollcall/outbox/wake'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry } from '@rollcall/runtime/metrics'
import { applyTestTopics, type TestSecrets } from '@rollcall/test-stack/environments'
import type { JWK } from 'jose'
import { createBenchDatabase } from '../stage/database.ts'
import { benchEngines } from '../stage/engines.ts'

const log = createLogger({ service: 'bench', level: 'warn' })

export interface SignUp {
  email: string
  messages: OutgoingMessage[]
}

/** What a sign-up tells, with a link that only the notifications service can open. */
export async function aSignUp(key: JWK): Promise<SignUp> {
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

/** What the users service has of a mail's way: a database with an outbox, its wake-up and its relay. */
export interface UsersSide {
  transact: Transact<OutboxTables>
  /** Its metrics, as Prometheus reads them. */
  metrics(): Promise<string>
  stop(): Promise<void>
}

export async function startUsersSide(secrets: TestSecrets): Promise<UsersSide> {
  const { kafka: broker } = await benchEngines()
  await applyTestTopics(secrets, broker)
  const kafka = createKafka({ brokers: [broker], clientId: 'bench', namespace: secrets.namespace, log })
  const database = await createBenchDatabase<OutboxTables>('users', { '20261121T000000Z-outbox': { up } })
  const { db, url } = database
  const producer = await connectProducer({ kafka, log })
  const registry = createRegistry('bench')
  const relay = startRelay({ db, databaseUrl: url, producer, log, registry })
  const wake = createOutboxWake({ databaseUrl: url, log })
  wake.attach(relay)
  return {
    transact: createTransact(db, wake),
    metrics: () => registry.metrics(),
    async stop() {
      await wake.stop()
      await relay.stop()
      await producer.disconnect()
      await database.close()
    },
  }
}
