import { buckets } from '@rollcall/storage/buckets'
import { createObjectStorage } from '@rollcall/storage/objects'
import {
  applyTestTopics,
  createTestSecrets,
  type TestSecrets,
  testEnvironment,
} from '@rollcall/test-stack/environments'
import { type ServiceProcess, startService } from '@rollcall/test-stack/processes'
import { migrations as eventsMigrations } from '../../services/events/src/database/migrations.ts'
import type { EventsDatabase } from '../../services/events/src/database/tables.ts'
import { migrations as usersMigrations } from '../../services/users/src/database/migrations.ts'
import type { UsersDatabase } from '../../services/users/src/database/tables.ts'
import { type BenchDatabase, createBenchDatabase } from './database.ts'
import { benchEngines } from './engines.ts'

export const PUBLIC_URL = 'http://rollcall.test'

/** As operators have it, without the tests' checks of every answer, but with limits that no load run reaches. */
export const settings = {
  NODE_ENV: 'development',
  RATE_LIMIT_FACTOR: '1000000',
  LOG_LEVEL: 'error',
  CONSUMER_SESSION_SECONDS: '45',
}

export interface BenchService<Tables> {
  process: ServiceProcess
  database: BenchDatabase<Tables>
  stop(): Promise<void>
}

/** The users service as its own process, with production's cost of a hash. */
export async function startUsers(
  more: Record<string, string>,
  shared?: TestSecrets,
): Promise<BenchService<UsersDatabase>> {
  const engines = await benchEngines()
  const secrets = shared ?? (await createTestSecrets())
  await applyTestTopics(secrets, engines.kafka)
  const database = await createBenchDatabase<UsersDatabase>('users', usersMigrations)
  const wanted = { publicUrl: PUBLIC_URL, databaseUrl: database.url, secrets, engines }
  const environment = { ...testEnvironment('users', wanted), ...settings, ...more }
  return running(await startService({ name: 'users', environment }), database)
}

/**
 * The events service as its own process, which takes the tokens of this issuer.
 *
 * @param shared secrets of the service whose messages it hears; by default it is by itself
 */
export async function startEvents(jwksUrl: string, shared?: TestSecrets): Promise<BenchService<EventsDatabase>> {
  const engines = await benchEngines()
  const secrets = shared ?? (await createTestSecrets())
  await applyTestTopics(secrets, engines.kafka)
  await createObjectStorage(engines.minio).ensureBuckets(buckets)
  const database = await createBenchDatabase<EventsDatabase>('events', eventsMigrations)
  const wanted = { publicUrl: PUBLIC_URL, databaseUrl: database.url, secrets, engines, jwksUrl }
  const environment = { ...testEnvironment('events', wanted), ...settings }
  return running(await startService({ name: 'events', environment }), database)
}

function running<Tables>(process: ServiceProcess, database: BenchDatabase<Tables>): BenchService<Tables> {
  return {
    process,
    database,
    async stop() {
      await process.kill('SIGTERM')
      await database.close()
    },
  }
}
