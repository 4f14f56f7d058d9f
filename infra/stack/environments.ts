import type { Secrets } from './secrets.ts'
import type { ServiceName } from './services.ts'

/** Where one service finds the others; how they are reached is the only thing that differs between a start, a test and compose. */
export interface Addresses {
  /** What the outside calls Rollcall. */
  publicUrl: string
  /** With the role and the password of the service's own database. */
  databaseUrl: string
  /** `host:port` */
  kafka: string
  redisUrl: string
  /** Where the users service publishes the keys of access tokens. */
  jwksUrl: string
  smtpUrl: string
  storage: { endpoint: string; accessKey: string; secretKey: string }
}

export type ServiceSecrets = Pick<
  Secrets,
  'passwordPepper' | 'keyEncryptionKey' | 'notificationsKey' | 'ticketSigningKey'
>

export interface Wanted {
  addresses: Addresses
  secrets: ServiceSecrets
}

/** Variables that say where the parts are: whoever starts the parts knows that best. */
export const addressVariables: readonly string[] = [
  'DATABASE_URL',
  'KAFKA_BROKERS',
  'REDIS_URL',
  'JWKS_URL',
  'SMTP_URL',
  'MINIO_ENDPOINT',
  'MINIO_ACCESS_KEY',
  'MINIO_SECRET_KEY',
]

const MAIL_FROM = 'Rollcall <rollcall@localhost>'

/** What a service, its migrations and its commands find in their environment: its own addresses and secrets, no other's. */
export function serviceEnvironment(name: ServiceName, wanted: Wanted): Record<string, string> {
  const { publicUrl, databaseUrl, kafka, redisUrl } = wanted.addresses
  return {
    PUBLIC_URL: publicUrl,
    CORS_ORIGINS: publicUrl,
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: kafka,
    REDIS_URL: redisUrl,
    ...own[name](wanted),
  }
}

const own: Record<ServiceName, (wanted: Wanted) => Record<string, string>> = {
  users: ({ secrets }) => ({
    PASSWORD_PEPPER: secrets.passwordPepper,
    KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
    NOTIFICATIONS_PUBLIC_KEY: JSON.stringify(secrets.notificationsKey.public),
  }),
  events: ({ addresses, secrets }) => ({
    JWKS_URL: addresses.jwksUrl,
    TICKET_SIGNING_KEY: JSON.stringify(secrets.ticketSigningKey),
    ...storageEnvironment(addresses.storage),
  }),
  notifications: ({ addresses, secrets }) => ({
    JWKS_URL: addresses.jwksUrl,
    SMTP_URL: addresses.smtpUrl,
    MAIL_FROM,
    NOTIFICATIONS_PRIVATE_KEY: JSON.stringify(secrets.notificationsKey.private),
    ...storageEnvironment(addresses.storage),
  }),
}

/** Also what the script that makes the buckets needs, and all that it needs. */
export function storageEnvironment({ endpoint, accessKey, secretKey }: Addresses['storage']): Record<string, string> {
  return { MINIO_ENDPOINT: endpoint, MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey }
}
