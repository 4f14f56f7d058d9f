import { randomBytes, randomInt } from 'node:crypto'
import { topicConfigs } from '@rollcall/contracts/topics'
import { createKafka } from '@rollcall/messaging/kafka'
import { applyTopics } from '@rollcall/messaging/topics'
import { createLogger } from '@rollcall/runtime/logger'
import { type ServiceSecrets, serviceEnvironment } from '@rollcall/stack/environments'
import { createSecrets } from '@rollcall/stack/secrets'
import type { ServiceName } from '@rollcall/stack/services'
import type { TestEngines } from '@rollcall/testing/engines'

/** Secrets that services share; each test file has its own. */
export interface TestSecrets extends ServiceSecrets {
  /** Keeps this file's messages apart from those of others. */
  namespace: string
  /** Keeps its queues apart. */
  redisDatabase: number
}

export async function createTestSecrets(): Promise<TestSecrets> {
  return { ...createSecrets(), namespace: `t${randomBytes(5).toString('hex')}.`, redisDatabase: randomInt(1, 10_000) }
}

/** Creates the topics of this file's namespace. */
export async function applyTestTopics({ namespace }: TestSecrets, broker: string): Promise<void> {
  const log = createLogger({ service: 'test', level: 'error' })
  const kafka = createKafka({ brokers: [broker], clientId: 'test', namespace, log })
  await applyTopics({ kafka, log }, topicConfigs())
}

interface Wanted {
  publicUrl: string
  databaseUrl: string
  secrets: TestSecrets
  engines: TestEngines
}

/** Refuses what is tried all the same: nobody is there. */
const NOWHERE = '127.0.0.1:9'

/** What the stack's description says, with this run's engines, and limits that no test reaches by accident. */
function environmentOf(
  name: ServiceName,
  { publicUrl, databaseUrl, secrets, engines, ...other }: Wanted & { jwksUrl?: string; smtpUrl?: string },
): Record<string, string> {
  const { jwksUrl = `http://${NOWHERE}/jwks.json`, smtpUrl = `smtp://${NOWHERE}` } = other
  const redisUrl = `${engines.redis}/${secrets.redisDatabase}`
  const addresses = { publicUrl, databaseUrl, kafka: engines.kafka, redisUrl, jwksUrl, smtpUrl, storage: engines.minio }
  return {
    ...serviceEnvironment(name, { addresses, secrets }),
    KAFKA_NAMESPACE: secrets.namespace,
    RATE_LIMIT_FACTOR: '1000',
  }
}

export function usersEnvironment(wanted: Wanted): Record<string, string> {
  return { ...environmentOf('users', wanted), FIRST_USER_IS_ADMIN: 'true', BCRYPT_COST: '4' }
}

export function eventsEnvironment(wanted: Wanted & { jwksUrl: string }): Record<string, string> {
  return environmentOf('events', wanted)
}

export function notificationsEnvironment(
  wanted: Wanted & { jwksUrl: string; smtpUrl: string },
): Record<string, string> {
  return environmentOf('notifications', wanted)
}
