import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Started } from './engines/engine.ts'
import { launch } from './launch.ts'
import { ROOT } from './settings.ts'
import { MINIO_USER, type Stack } from './stack.ts'

export const serviceNames = ['users', 'events', 'notifications'] as const
export type ServiceName = (typeof serviceNames)[number]

const OWN_PORTS = {
  users: ['USERS_PORT', 'USERS_INNER_PORT'],
  events: ['EVENTS_PORT', 'EVENTS_INNER_PORT'],
  notifications: ['NOTIFICATIONS_PORT', 'NOTIFICATIONS_INNER_PORT'],
} as const

/** What a service, its migrations and its commands find in their environment. What the newcomer sets wins. */
export function serviceEnvironment(stack: Stack, name: ServiceName): Record<string, string> {
  const { ports, environment } = stack.settings
  const [port, innerPort] = OWN_PORTS[name]
  return {
    LOG_LEVEL: 'info',
    PUBLIC_URL: `http://localhost:${ports.GATEWAY_PORT}`,
    TRUSTED_PROXIES: '127.0.0.1',
    CORS_ORIGINS: `http://localhost:${ports.GATEWAY_PORT}`,
    ...secretsOf(stack, name),
    ...environment,
    // Whatever the newcomer's shell says: this is never production.
    NODE_ENV: 'development',
    PORT: String(ports[port]),
    INNER_PORT: String(ports[innerPort]),
    DATABASE_URL: databaseUrl(stack, name),
    REDIS_URL: `redis://127.0.0.1:${ports.REDIS_PORT}`,
    KAFKA_BROKERS: `127.0.0.1:${ports.KAFKA_PORT}`,
    JWKS_URL: `http://127.0.0.1:${ports.USERS_PORT}/.well-known/jwks.json`,
    SMTP_URL: `smtp://127.0.0.1:${ports.SMTP_PORT}`,
    MINIO_ENDPOINT: `http://127.0.0.1:${ports.MINIO_PORT}`,
    MINIO_ACCESS_KEY: MINIO_USER,
    MINIO_SECRET_KEY: stack.secrets.minioPassword,
  }
}

/** Each service gets its own secrets only. */
function secretsOf({ secrets }: Stack, name: ServiceName): Record<string, string> {
  if (name === 'users') {
    return {
      FIRST_USER_IS_ADMIN: 'true',
      PASSWORD_PEPPER: secrets.passwordPepper,
      KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
      NOTIFICATIONS_PUBLIC_KEY: JSON.stringify(secrets.notificationsKey.public),
    }
  }
  if (name === 'events') return { TICKET_SIGNING_KEY: JSON.stringify(secrets.ticketSigningKey) }
  return {
    NOTIFICATIONS_PRIVATE_KEY: JSON.stringify(secrets.notificationsKey.private),
    MAIL_FROM: 'Rollcall <rollcall@localhost>',
  }
}

export function databaseUrl({ settings: { ports }, secrets }: Stack, name: ServiceName): string {
  return `postgres://${name}:${secrets.databasePasswords[name]}@127.0.0.1:${ports.POSTGRES_PORT}/${name}`
}

/** Services whose folder is in the clone. */
export function presentServices(): ServiceName[] {
  return serviceNames.filter((name) => existsSync(join(ROOT, 'services', name, 'src/main.ts')))
}

export async function startServiceProcess(stack: Stack, name: ServiceName): Promise<Started> {
  return launch({
    name,
    command: process.execPath,
    args: [join(ROOT, 'services', name, 'src/main.ts')],
    environment: serviceEnvironment(stack, name),
    logFile: join(stack.folder, name, `${name}.log`),
    workingFolder: ROOT,
  })
}

/** One try; throws while the service is not ready. */
export async function serviceIsReady(stack: Stack, name: ServiceName): Promise<void> {
  const port = stack.settings.ports[OWN_PORTS[name][1]]
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })
  if (!answer.ok) throw new Error(`${name} is not ready: ${await answer.text()}`)
}
