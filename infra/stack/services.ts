import { storageEnvironment } from './addresses.ts'
import type { Wanted } from './environments.ts'

/** What has to be there before a service starts; it waits for the rest of what it uses by itself. */
export type Need = 'migrations' | 'topics' | 'buckets' | 'redis'

interface Service {
  /** Of its API, and of its health and metrics, where no setting says otherwise. */
  ports: { api: number; inner: number }
  needs: readonly Need[]
  /** The variables that not every service has: its own secrets, and where it finds what not all use. */
  environment(wanted: Wanted): Record<string, string>
}

/** The services, in the order in which they are named everywhere. Each has a database of its name, with a role of its own. */
export const services = {
  users: {
    ports: { api: 8081, inner: 9081 },
    needs: ['migrations', 'topics', 'redis'],
    environment: ({ secrets }) => ({
      PASSWORD_PEPPER: secrets.passwordPepper,
      KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
      NOTIFICATIONS_PUBLIC_KEY: JSON.stringify(secrets.notificationsKey.public),
    }),
  },
  events: {
    ports: { api: 8082, inner: 9082 },
    needs: ['migrations', 'topics', 'buckets', 'redis'],
    environment: ({ addresses, secrets }) => ({
      JWKS_URL: addresses.jwksUrl,
      KEY_ENCRYPTION_KEY: secrets.ticketKeyEncryptionKey,
      TICKET_SIGNING_KEY: JSON.stringify(secrets.ticketSigningKey),
      NOTIFICATIONS_PUBLIC_KEY: JSON.stringify(secrets.notificationsKey.public),
      ...storageEnvironment(addresses.storage),
    }),
  },
  notifications: {
    ports: { api: 8083, inner: 9083 },
    needs: ['migrations', 'topics', 'redis'],
    environment: ({ addresses, secrets }) => ({
      JWKS_URL: addresses.jwksUrl,
      SMTP_URL: addresses.smtpUrl,
      MAIL_FROM: 'Rollcall <rollcall@localhost>',
      NOTIFICATIONS_PRIVATE_KEY: JSON.stringify(secrets.notificationsKey.private),
      ...storageEnvironment(addresses.storage),
    }),
  },
} satisfies Record<string, Service>

export type ServiceName = keyof typeof services
export const serviceNames = Object.keys(services) as ServiceName[]

/** The settings that say where a service listens. */
export function portNames<Name extends ServiceName>(name: Name) {
  const prefix = name.toUpperCase() as Uppercase<Name>
  return { api: `${prefix}_PORT`, inner: `${prefix}_INNER_PORT` } as const
}

/** What is made of each service. */
export function byService<Value>(make: (name: ServiceName) => Value): Record<ServiceName, Value> {
  return Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, Value>
}

/** What runs once before the services, each a script that can be run again at any time. */
export const preparations = {
  migrations: (name: ServiceName) => `services/${name}/src/database/migrate.ts`,
  topics: 'packages/messaging/src/apply-topics.ts',
  buckets: 'packages/storage/src/apply-buckets.ts',
} as const
