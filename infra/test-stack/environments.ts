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
  jwksUrl?: string
  smtpUrl?: string
}

/** Refuses what is tried all the same: nobody is there. */
const NOWHERE = '127.0.0.1:9'

/** Limits that no test reaches by accident, and successors that need not wait long for those who were killed. */
const FOR_ALL = { RATE_LIMIT_FACTOR: '1000', CONSUMER_SESSION_SECONDS: '6' }

/** What tests want otherwise than the stack: an admin without a command, and hashes that cost little. */
const special: Partial<Record<ServiceName, Record<string, string>>> = {
  users: { FIRST_USER_IS_ADMIN: 'true', BCRYPT_COST: '4' },
}

/** What the stack's description says of a service, with this run's engines. */
export function testEnvironment(name: ServiceName, wanted: Wanted): Record<string, string> {
  const { secrets, engines, jwksUrl = `http://${NOWHERE}/jwks.json`, smtpUrl = `smtp://${NOWHERE}` } = wanted
  const addresses = {
    publicUrl: wanted.publicUrl,
    databaseUrl: wanted.databaseUrl,
    kafka: engines.kafka,
    redisUrl: `${engines.redis}/${secrets.redisDatabase}`,
    jwksUrl,
    smtpUrl,
    storage: engines.minio,
  }
  const described = serviceEnvironment(name, { addresses, secrets })
  return { ...described, KAFKA_NAMESPACE: secrets.namespace, ...FOR_ALL, ...special[name] }
}
