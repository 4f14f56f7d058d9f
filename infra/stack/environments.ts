import type { Addresses } from './addresses.ts'
import type { Secrets } from './secrets.ts'
import { type ServiceName, services } from './services.ts'

export type ServiceSecrets = Pick<
  Secrets,
  'passwordPepper' | 'keyEncryptionKey' | 'ticketKeyEncryptionKey' | 'notificationsKey' | 'ticketSigningKey'
>

export interface Wanted {
  addresses: Addresses
  secrets: ServiceSecrets
}

/** What a service, its migrations and its commands find in their environment: its own addresses and secrets, no other's. */
export function serviceEnvironment(name: ServiceName, wanted: Wanted): Record<string, string> {
  const { publicUrl, databaseUrl, kafka, redisUrl } = wanted.addresses
  return {
    PUBLIC_URL: publicUrl,
    CORS_ORIGINS: publicUrl,
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: kafka,
    REDIS_URL: redisUrl,
    ...services[name].environment(wanted),
  }
}
