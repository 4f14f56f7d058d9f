import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import type { Role } from '@rollcall/contracts/roles'
import { UserSnapshot } from '@rollcall/contracts/users'
import { encode } from '@rollcall/messaging/envelope'
import { createKafka } from '@rollcall/messaging/kafka'
import { connectProducer, type KafkaProducer } from '@rollcall/messaging/producer'
import { newId } from '@rollcall/runtime/ids'
import { createLogger } from '@rollcall/runtime/logger'
import { buckets } from '@rollcall/storage/buckets'
import { createObjectStorage } from '@rollcall/storage/objects'
import {
  applyTestTopics,
  createTestSecrets,
  type TestSecrets,
  testEnvironment,
} from '@rollcall/test-stack/environments'
import { startInProcess } from '@rollcall/test-stack/in-process'
import { aUserSnapshot, type UserSnapshotData } from '@rollcall/testing/a-user-snapshot'
import { startTokenIssuer, type TokenIssuer } from '@rollcall/testing/access-tokens'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { createTestDatabase } from '@rollcall/testing/database'
import { keepMessages, type Told, toldAbout } from '@rollcall/testing/told'
import { waitUntil } from '@rollcall/testing/waiting'
import type { Kysely } from 'kysely'
import { inject } from 'vitest'
import { startEventsService } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { migrations } from '../src/database/migrations.ts'
import type { EventsDatabase } from '../src/database/tables.ts'

const PUBLIC_URL = 'http://rollcall.test'

export interface Somebody {
  id: string
  token: string
}

export interface RunningEvents {
  api: ApiClient
  db: Kysely<EventsDatabase>
  tokens: TokenIssuer
  environment: Record<string, string>
  somebody(role?: Role): Promise<Somebody>
  /** An event by a manager, an hour ahead. Gives its id. */
  publish(overrides?: Record<string, unknown>): Promise<string>
  /** Every message under a key, as it went to the outbox. */
  toldAbout(key: string): Promise<Told[]>
  /** Tells the service what another service would. */
  tell(message: OutgoingMessage): Promise<void>
  /** Tells the service of a user, as the users service would. */
  tellOfUser(user: { id: string; role: Role; sequence: number; locked?: boolean }): Promise<void>
  stop(): Promise<void>
}

/** The events service with a database, topics and queues of its own, and a token issuer in place of the users service. */
export async function startEvents(): Promise<RunningEvents> {
  const engines = inject('engines')
  const secrets = await createTestSecrets()
  const database = await createTestDatabase<EventsDatabase>({ name: 'events', migrations })
  await keepMessages(database.db)
  const tokens = await startTokenIssuer(PUBLIC_URL)
  await applyTestTopics(secrets, engines.kafka)
  await createObjectStorage(engines.minio).ensureBuckets(buckets)
  const { jwksUrl } = tokens
  const environment = testEnvironment('events', {
    publicUrl: PUBLIC_URL,
    databaseUrl: database.url,
    jwksUrl,
    secrets,
    engines,
  })
  const events = await startInProcess({ loadConfig, start: startEventsService }, environment)
  const producer = await connectTestProducer(secrets)
  const api = createApiClient(events.baseUrl)

  async function somebody(role: Role = 'authenticated'): Promise<Somebody> {
    const id = newId()
    return { id, token: await tokens.sign({ userId: id, role }) }
  }

  async function publish(overrides: Record<string, unknown> = {}) {
    const { token } = await somebody('manager')
    const { body } = await api.post('/events', { token, body: { ...anEvent(), ...overrides } })
    return body.id as string
  }

  await waitUntilItListens(database.db, producer)

  return {
    api,
    db: database.db,
    tokens,
    environment,
    somebody,
    publish,
    toldAbout: (key) => toldAbout(database.db, key),
    tell: (one) => producer.send([encode(asStored(one))]),
    tellOfUser: ({ id, ...told }) => producer.send([encode(snapshotOf({ userId: id, ...told }))]),
    async stop() {
      await events.stop()
      await producer.disconnect()
      tokens.stop()
      await database.drop()
    },
  }
}

/** The service answers before it has joined its consumer group: once it knows of somebody, it hears of everybody. */
async function waitUntilItListens(db: Kysely<EventsDatabase>, producer: KafkaProducer): Promise<void> {
  const id = newId()
  await producer.send([encode(snapshotOf({ userId: id, role: 'authenticated', sequence: 1 }))])
  const known = () => db.selectFrom('known_users').select('id').where('id', '=', id).executeTakeFirst()
  await waitUntil('what the service knows of a user', known, 20_000)
}

/** A body that `POST /events` takes. */
export function anEvent() {
  const startAt = Date.now() + 3600_000
  return {
    title: 'Night of open labs',
    startAt: new Date(startAt).toISOString(),
    endAt: new Date(startAt + 7200_000).toISOString(),
    timeZone: 'Europe/Berlin',
    location: 'Main hall',
    capacity: 5,
  }
}

function connectTestProducer({ namespace }: TestSecrets) {
  const log = createLogger({ service: 'test', level: 'error' })
  return connectProducer({
    kafka: createKafka({ brokers: [inject('engines').kafka], clientId: 'test', namespace, log }),
    log,
  })
}

function snapshotOf({ sequence, ...changes }: Partial<UserSnapshotData> & { sequence: number }) {
  return asStored(message(UserSnapshot, { data: aUserSnapshot(changes), sequence, at: new Date() }))
}

const asStored = ({ data, ...envelope }: OutgoingMessage) => ({
  ...envelope,
  data: data === null ? null : JSON.stringify(data),
})
