import { randomUUID } from 'node:crypto'
import type { DataOf, Definition } from '@rollcall/contracts/define'
import { message, tombstone } from '@rollcall/contracts/message'
import { seal } from '@rollcall/contracts/seal'
import { UserRegistered, UserSnapshot } from '@rollcall/contracts/users'
import { encode } from '@rollcall/messaging/envelope'
import { createKafka } from '@rollcall/messaging/kafka'
import { connectProducer } from '@rollcall/messaging/producer'
import {
  applyTestTopics,
  createTestSecrets,
  type TestSecrets,
  testEnvironment,
} from '@rollcall/test-stack/environments'
import { type ServiceProcess, startService } from '@rollcall/test-stack/processes'
import { aUserSnapshot, type UserSnapshotData } from '@rollcall/testing/a-user-snapshot'
import { createTestDatabase } from '@rollcall/testing/database'
import { startSmtpSink } from '@rollcall/testing/smtp-sink'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { migrations } from '../src/database/migrations.ts'
import type { NotificationsDatabase } from '../src/database/tables.ts'
import { log } from './log.ts'

export type World = Awaited<ReturnType<typeof createWorld>>

/** Database, topics, Redis and an SMTP sink of this test file, and facts to publish; services are started as wanted. */
export async function createWorld() {
  const secrets = await createTestSecrets()
  await applyTestTopics(secrets, inject('engines').kafka)
  const database = await createTestDatabase<NotificationsDatabase>({ name: 'notifications', migrations })
  const sink = await startSmtpSink()
  const redisUrl = `${inject('engines').redis}/${secrets.redisDatabase}`
  const redis = new Redis(redisUrl)
  const kafka = createKafka({ brokers: [inject('engines').kafka], clientId: 'test', namespace: secrets.namespace, log })
  const producer = await connectProducer({ kafka, log })
  const services: ServiceProcess[] = []

  async function publish<D extends Definition>(
    definition: D,
    data: DataOf<D>,
    about: { sequence?: number; at?: Date } = {},
  ) {
    const { sequence = 1, at = new Date() } = about
    const { data: payload, ...outgoing } = message(definition, { data, sequence, at } as never)
    await producer.send([encode({ ...outgoing, data: JSON.stringify(payload) })])
    return outgoing
  }

  async function erase(userId: string, sequence: number) {
    const { data: _, ...outgoing } = tombstone(UserSnapshot, { id: userId, sequence, at: new Date() })
    await producer.send([encode({ ...outgoing, data: null })])
  }

  return {
    secrets,
    erase,
    sink,
    redis,
    redisUrl,
    kafka,
    producer,
    publish,
    db: database.db,
    databaseUrl: database.url,
    async start(environment: Record<string, string> = {}, { waitUntilReady = true } = {}) {
      const service = await startService({
        name: 'notifications',
        waitUntilReady,
        environment: {
          ...testEnvironment('notifications', {
            publicUrl: 'http://localhost:8080',
            databaseUrl: database.url,
            secrets,
            engines: inject('engines'),
            jwksUrl: 'http://127.0.0.1:9/jwks.json',
            smtpUrl: sink.url,
          }),
          DELIVERY_LEASE_SECONDS: '2',
          SWEEP_INTERVAL_SECONDS: '0.2',
          SWEEP_GRACE_SECONDS: '1',
          ...environment,
        },
      })
      services.push(service)
      return service
    },
    /** Everything that the services have logged. */
    logs: () => services.map((service) => service.logs()).join('\n'),
    /** SIGTERM lets services note what they have executed, for coverage. */
    async stop(signal: NodeJS.Signals = 'SIGKILL') {
      await Promise.all(services.map((service) => service.kill(signal)))
      await producer.disconnect()
      redis.disconnect()
      await sink.stop()
      await database.drop()
    },
  }
}

export interface Person {
  userId: string
  email: string
  verifyUrl: string
}

/** What users publishes when somebody signs up. */
export async function signUp(world: World, changes: Partial<UserSnapshotData> = {}): Promise<Person> {
  const person = aPerson(changes)
  await world.publish(UserSnapshot, person.snapshot)
  await publishRegistered(world, person)
  return person
}

export function aPerson(changes: Partial<UserSnapshotData> = {}) {
  const userId = changes.userId ?? randomUUID()
  const email = `${userId.slice(0, 8)}@rollcall.test`
  const newcomer = { nickname: 'ada', role: 'anonymous', emailVerified: false } as const
  const snapshot = aUserSnapshot({ userId, email, ...newcomer, ...changes })
  return { userId, email, verifyUrl: `http://localhost:8080/auth/verify-email/${userId}/t0ken`, snapshot }
}

export async function publishRegistered(
  world: { publish: World['publish']; secrets: TestSecrets },
  { userId, verifyUrl }: Person,
  { at = new Date(), expiresInMs = 24 * 3600_000 } = {},
) {
  const expiresAt = new Date(at.getTime() + expiresInMs).toISOString()
  const sealed = await seal(world.secrets.notificationsKey.public, { verifyUrl, expiresAt })
  return world.publish(UserRegistered, { userId, sealed }, { at })
}

/** The ledger's rows of one person. */
export function deliveriesTo(world: World, recipientId: string) {
  return world.db.selectFrom('deliveries').selectAll().where('recipient_id', '=', recipientId).execute()
}

export async function statesOf(world: World): Promise<Record<string, number>> {
  const rows = await world.db
    .selectFrom('deliveries')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}
