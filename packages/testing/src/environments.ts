import { randomBytes, randomInt } from 'node:crypto'
import { topicConfigs } from '@rollcall/contracts/topics'
import { createKafka } from '@rollcall/messaging/kafka'
import { applyTopics } from '@rollcall/messaging/topics'
import { createLogger } from '@rollcall/runtime/logger'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { TestEngines } from './engines.ts'

/** Secrets that services share; each test file has its own. */
export interface TestSecrets {
  /** Keeps this file's messages apart from those of others. */
  namespace: string
  /** Keeps its queues apart. */
  redisDatabase: number
  notificationsKey: { publicJwk: JWK; privateJwk: JWK }
  ticketKey: JWK
  passwordPepper: string
  keyEncryptionKey: string
}

export async function createTestSecrets(): Promise<TestSecrets> {
  const sealing = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const tickets = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return {
    redisDatabase: randomInt(1, 10_000),
    namespace: `t${randomBytes(5).toString('hex')}.`,
    notificationsKey: {
      publicJwk: await exportJWK(sealing.publicKey),
      privateJwk: await exportJWK(sealing.privateKey),
    },
    ticketKey: await exportJWK(tickets.privateKey),
    passwordPepper: randomBytes(32).toString('base64url'),
    keyEncryptionKey: randomBytes(32).toString('base64url'),
  }
}

/** Creates the topics of this file's namespace. */
export async function applyTestTopics({ namespace }: TestSecrets, broker: string): Promise<void> {
  const log = createLogger({ service: 'test', level: 'error' })
  const kafka = createKafka({ brokers: [broker], clientId: 'test', namespace, log })
  await applyTopics({ kafka, log }, topicConfigs())
}

/** What every service reads: this run's engines, and limits that no test reaches by accident. */
function sharedEnvironment({ publicUrl, databaseUrl, secrets, engines }: Wanted): Record<string, string> {
  const { kafka, redis } = engines
  return {
    PUBLIC_URL: publicUrl,
    CORS_ORIGINS: publicUrl,
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: kafka,
    KAFKA_NAMESPACE: secrets.namespace,
    REDIS_URL: `${redis}/${secrets.redisDatabase}`,
    RATE_LIMIT_FACTOR: '1000',
  }
}

interface Wanted {
  publicUrl: string
  databaseUrl: string
  secrets: TestSecrets
  engines: TestEngines
}

export function usersEnvironment(wanted: Wanted): Record<string, string> {
  const { secrets } = wanted
  return {
    ...sharedEnvironment(wanted),
    FIRST_USER_IS_ADMIN: 'true',
    PASSWORD_PEPPER: secrets.passwordPepper,
    BCRYPT_COST: '4',
    KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
    NOTIFICATIONS_PUBLIC_KEY: JSON.stringify(secrets.notificationsKey.publicJwk),
  }
}

export function eventsEnvironment({ jwksUrl, ...wanted }: Wanted & { jwksUrl: string }): Record<string, string> {
  return {
    ...sharedEnvironment(wanted),
    ...storageEnvironment(wanted),
    JWKS_URL: jwksUrl,
    TICKET_SIGNING_KEY: JSON.stringify(wanted.secrets.ticketKey),
  }
}

export function notificationsEnvironment({
  jwksUrl,
  smtpUrl,
  ...wanted
}: Wanted & { jwksUrl: string; smtpUrl: string }): Record<string, string> {
  return {
    ...sharedEnvironment(wanted),
    ...storageEnvironment(wanted),
    JWKS_URL: jwksUrl,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Rollcall <rollcall@example.org>',
    NOTIFICATIONS_PRIVATE_KEY: JSON.stringify(wanted.secrets.notificationsKey.privateJwk),
  }
}

function storageEnvironment({ engines }: Wanted) {
  const { endpoint, accessKey, secretKey } = engines.minio
  return { MINIO_ENDPOINT: endpoint, MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey }
}
