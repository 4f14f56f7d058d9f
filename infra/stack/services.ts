import type { PortName } from './settings.ts'

/** The services, in the order in which they are named everywhere. Each has a database of its name, with a role of its own. */
export const serviceNames = ['users', 'events', 'notifications'] as const
export type ServiceName = (typeof serviceNames)[number]

/** What has to be there before a service starts; it waits for the rest of what it uses by itself. */
export type Need = 'migrations' | 'topics' | 'buckets' | 'redis'

interface Service {
  /** Of its API, and of its health and metrics. */
  ports: { api: PortName; inner: PortName }
  needs: readonly Need[]
}

export const services: Record<ServiceName, Service> = {
  users: {
    ports: { api: 'USERS_PORT', inner: 'USERS_INNER_PORT' },
    needs: ['migrations', 'topics', 'redis'],
  },
  events: {
    ports: { api: 'EVENTS_PORT', inner: 'EVENTS_INNER_PORT' },
    needs: ['migrations', 'topics', 'buckets', 'redis'],
  },
  notifications: {
    ports: { api: 'NOTIFICATIONS_PORT', inner: 'NOTIFICATIONS_INNER_PORT' },
    needs: ['migrations', 'topics', 'redis'],
  },
}

/** What runs once before the services, each a script that can be run again at any time. */
export const preparations = {
  migrations: (name: ServiceName) => `services/${name}/src/database/migrate.ts`,
  topics: 'packages/messaging/src/apply-topics.ts',
  buckets: 'packages/storage/src/apply-buckets.ts',
} as const
