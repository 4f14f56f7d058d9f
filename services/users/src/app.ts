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
import { systemClock as clock } from '@rollcall/runtime/clock'
import { createReadiness, startHealthServer } from '@rollcall/runtime/health'
import { createRegistry } from '@rollcall/runtime/metrics'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import { sql } from 'kysely'
import type { UsersConfig } from './config.ts'
import type { UsersDatabase } from './database/tables.ts'
import { usersRoutes } from './http.ts'
import { openKeyring } from './keys/keyring.ts'
import { createHashPool } from './passwords/hash-pool.ts'
import { findCaller } from './sessions/queries.ts'
import { createVerificationLinks } from './verification/verification-link.ts'

/** Builds the service in reading order; what is opened last closes first. */
export async function startUsersService(config: UsersConfig, { log, lifecycle }: ServiceProcess): Promise<void> {
  const { own } = lifecycle
  const { publicUrl, notificationsKey } = config
  const registry = createRegistry('users')
  const readiness = createReadiness()
  own(await startHealthServer({ port: config.http.innerPort, readiness, registry, log }), (it) => it.close())
  const started = readiness.gate('start')

  const db = own(createDatabase<UsersDatabase>({ ...config.database, applicationName: 'users' }), (it) => it.destroy())
  const askDatabase = () => sql`select 1`.execute(db)
  readiness.check('postgres', askDatabase)
  await waitFor('PostgreSQL', askDatabase, { log })

  const kafka = createKafka({ ...config.kafka, clientId: 'users', log })
  const producer = own(await waitFor('Kafka', () => connectProducer({ kafka, log }), { log }), (it) => it.disconnect())
  const checkpoint = killAt(config.checkpointKill)
  const relayOptions = { db, databaseUrl: config.database.url, producer, log, registry, checkpoint }
  own(startRelay(relayOptions), (it) => it.stop())
  const wake = own(createOutboxWake({ db, log }), (it) => it.stop())
  const transact = createTransact(db, wake)

  const redis = own(connectLimitsRedis(config.redis.url, log), (it) => it.disconnect())
  const passwords = own(await createHashPool({ ...config.passwords, registry }), (it) => it.close())
  const keyring = await openKeyring({ db, clock, encryptionKey: config.tokens.encryptionKey })
  const { issuer } = config.tokens
  const routes = usersRoutes({
    db,
    transact,
    clock,
    passwords,
    publicUrl,
    notificationsKey,
    once: createIdempotency({ db, transact, clock }),
    signer: { keyring, issuer },
    firstUserIsAdmin: config.accounts.firstUserIsAdmin,
    verificationLinks: createVerificationLinks({
      publicUrl,
      notificationsKey,
      lifetimeMs: config.accounts.verificationMs,
    }),
  })
  own(startIdempotencyCleanup({ db, clock, log }), (it) => it.stop())

  const app = createHttpApp({
    routes,
    authenticate: createAuthenticator({
      keys: keyring.verificationKeys,
      issuer,
      findCaller: (userId, sessionId) => findCaller(db, userId, sessionId),
    }),
    rateLimits: createRateLimits({ redis, factor: config.http.rateLimitFactor }),
    // This service's own database is where roles come from.
    knowledgeAgeMs: () => 0,
    corsOrigins: config.http.corsOrigins,
    trustedProxies: config.http.trustedProxies,
    log,
    registry,
  })
  const listener = own(await listen(app, config.http.port), (it) => it.drain())
  started.open()
  log.info({ port: listener.port }, 'users is ready')
}
