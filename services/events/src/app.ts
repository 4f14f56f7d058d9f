import { createDatabase } from '@rollcall/database/connect'
import { createHttpApp } from '@rollcall/http/app'
import { createAuthenticator } from '@rollcall/http/caller'
import { createIdempotency } from '@rollcall/http/idempotency'
import { startIdempotencyCleanup } from '@rollcall/http/idempotency-cleanup'
import { connectLimitsRedis } from '@rollcall/http/limits-redis'
import { listen } from '@rollcall/http/listen'
import { createRateLimits } from '@rollcall/http/rate-limits'
import { createKafka } from '@rollcall/messaging/kafka'
import { connectProducer } from '@rollcall/messaging/producer'
import { startRelay } from '@rollcall/outbox/relay'
import { createTransact } from '@rollcall/outbox/transact'
import { createOutboxWake } from '@rollcall/outbox/wake'
import { killAt } from '@rollcall/runtime/checkpoint'
import { systemClock as clock, hours } from '@rollcall/runtime/clock'
import { createReadiness, startHealthServer } from '@rollcall/runtime/health'
import { createRegistry } from '@rollcall/runtime/metrics'
import { startPeriodic } from '@rollcall/runtime/periodic'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import { createObjectStorage } from '@rollcall/storage/objects'
import { createRemoteJWKSet } from 'jose'
import { sql } from 'kysely'
import { deleteExpiredSessions, findCaller } from './authorization/queries.ts'
import type { EventsConfig } from './config.ts'
import type { EventsDatabase } from './database/tables.ts'
import { eventsRoutes } from './http.ts'
import { createTicketCodes } from './tickets/ticket-code.ts'
import { startWorkers } from './workers.ts'

/** Longer than a token lives: the users service may be away as long as that without anybody noticing here. */
const KEYS_KEPT_MS = hours(1)

/** Builds the service in reading order; what is opened last closes first. */
export async function startEventsService(config: EventsConfig, service: ServiceProcess): Promise<void> {
  const { log, lifecycle } = service
  const { own } = lifecycle
  const registry = createRegistry('events')
  const readiness = createReadiness()
  own(await startHealthServer({ port: config.http.innerPort, readiness, registry, log }), (it) => it.close())
  const started = readiness.gate('start')

  const db = own(createDatabase<EventsDatabase>({ ...config.database, applicationName: 'events' }), (it) =>
    it.destroy(),
  )
  const askDatabase = () => sql`select 1`.execute(db)
  readiness.check('postgres', askDatabase)
  await waitFor('PostgreSQL', askDatabase, { log })

  const kafka = createKafka({ ...config.kafka, clientId: 'events', log })
  const connect = () => waitFor('Kafka', () => connectProducer({ kafka, log }), { log })
  const relayProducer = own(await connect(), (it) => it.disconnect())
  const checkpoint = killAt(config.checkpointKill)
  const relayOptions = { db, databaseUrl: config.database.url, producer: relayProducer, log, registry, checkpoint }
  own(startRelay(relayOptions), (it) => it.stop())
  const wake = own(createOutboxWake({ db, log }), (it) => it.stop())
  const transact = createTransact(db, wake)

  const storage = createObjectStorage(config.storage)
  await waitFor('MinIO', () => storage.ping(), { log })
  const ticketCodes = createTicketCodes(config.tickets.signingKey)
  const deadLetterProducer = own(await connect(), (it) => it.disconnect())
  const shared = { db, transact, clock, storage, ticketCodes }
  const { knowledgeAgeMs } = await startWorkers(config, service, {
    db,
    clock,
    kafka,
    producer: deadLetterProducer,
    registry,
  })

  const redis = own(connectLimitsRedis(config.redis.url, log), (it) => it.disconnect())
  own(startIdempotencyCleanup({ db, clock, log }), (it) => it.stop())
  const forget = () => deleteExpiredSessions(db, clock.now())
  own(startPeriodic({ name: 'ended-sessions', everyMs: hours(1), log }, forget), (it) => it.stop())
  const app = createHttpApp({
    routes: eventsRoutes({ ...shared, wake, once: createIdempotency({ db, transact, clock }) }),
    authenticate: createAuthenticator({
      keys: createRemoteJWKSet(new URL(config.tokens.jwksUrl), { cacheMaxAge: KEYS_KEPT_MS }),
      issuer: config.tokens.issuer,
      findCaller: (userId, sessionId) => findCaller(db, userId, sessionId),
    }),
    rateLimits: createRateLimits({ redis, factor: config.http.rateLimitFactor }),
    knowledgeAgeMs,
    corsOrigins: config.http.corsOrigins,
    trustedProxies: config.http.trustedProxies,
    log,
    registry,
  })
  const listener = own(await listen(app, config.http.port), (it) => it.drain())
  started.open()
  log.info({ port: listener.port }, 'events is ready')
}
