import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Migrations } from '@rollcall/database/migrate'
import { gateway } from '@rollcall/engines/gateway'
import { freePort } from '@rollcall/engines/ports'
import { createProgress } from '@rollcall/engines/progress'
import { ensureEngines, startEngine } from '@rollcall/engines/start-engine'
import type { ServiceName } from '@rollcall/stack/services'
import { buckets } from '@rollcall/storage/buckets'
import { createObjectStorage } from '@rollcall/storage/objects'
import {
  applyTestTopics,
  createTestSecrets,
  eventsEnvironment,
  notificationsEnvironment,
  usersEnvironment,
} from '@rollcall/test-stack/environments'
import { type ServiceProcess, startService } from '@rollcall/test-stack/processes'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import type { TestEngines } from '@rollcall/testing/engines'
import { type SmtpSink, startSmtpSink } from '@rollcall/testing/smtp-sink'
import { inject } from 'vitest'
import { migrations as eventsMigrations } from '../services/events/src/database/migrations.ts'
import { migrations as notificationsMigrations } from '../services/notifications/src/database/migrations.ts'
import { migrations as usersMigrations } from '../services/users/src/database/migrations.ts'

export interface System {
  /** Through the gateway, as everybody calls. */
  api: ApiClient
  publicUrl: string
  sink: SmtpSink
  databases: Record<ServiceName, TestDatabase<unknown>>
  environments: Record<ServiceName, Record<string, string>>
  processes: Record<ServiceName, ServiceProcess>
  /** What the gateway has logged. */
  gatewayLog(): Promise<string>
  /** Starts the process behind the gateway again, after it has been killed. */
  revive(name: ServiceName): Promise<void>
  /** Another process of a service, beside the one behind the gateway. */
  startAnother(name: ServiceName, environment?: Record<string, string>): Promise<ServiceProcess>
  stop(): Promise<void>
}

type Overrides = Partial<Record<ServiceName, Record<string, string>>> & { all?: Record<string, string> }

/**
 * Runs all three services as processes behind the gateway, with mails going to a sink. The engines are those of the
 * test run; who is not run by vitest brings its own.
 */
export async function startSystem(
  overrides: Overrides = {},
  engines: TestEngines = inject('engines'),
): Promise<System> {
  const closers: (() => Promise<unknown> | unknown)[] = []
  const own = <Resource>(resource: Resource, close: (resource: Resource) => unknown): Resource => {
    closers.unshift(() => close(resource))
    return resource
  }
  const ports = {
    gateway: await freePort(),
    users: await freePort(),
    events: await freePort(),
    notifications: await freePort(),
  }
  const publicUrl = `http://127.0.0.1:${ports.gateway}`
  const secrets = await createTestSecrets()
  await applyTestTopics(secrets, overrides.all?.['KAFKA_BROKERS'] ?? engines.kafka)
  await createObjectStorage(engines.minio).ensureBuckets(buckets)
  const sink = own(await startSmtpSink(), (it) => it.stop())
  const database = async (name: ServiceName, migrations: Migrations) =>
    own(await createTestDatabase({ name, migrations, server: engines.postgres }), (it) => it.drop())
  const databases = {
    users: await database('users', usersMigrations),
    events: await database('events', eventsMigrations),
    notifications: await database('notifications', notificationsMigrations),
  }
  const jwksUrl = `http://127.0.0.1:${ports.users}/.well-known/jwks.json`
  const wanted = (name: ServiceName) => ({ publicUrl, databaseUrl: databases[name].url, jwksUrl, secrets, engines })
  const complete = (name: ServiceName, environment: Record<string, string>) => ({
    ...environment,
    ...overrides.all,
    ...overrides[name],
  })
  const environments = {
    users: complete('users', usersEnvironment(wanted('users'))),
    events: complete('events', eventsEnvironment(wanted('events'))),
    notifications: complete(
      'notifications',
      notificationsEnvironment({ ...wanted('notifications'), smtpUrl: sink.url }),
    ),
  }
  const begin = (name: ServiceName, environment: Record<string, string> = {}) =>
    startService({ name, environment: { ...environments[name], ...environment } })
  const behindGateway = (name: ServiceName) => begin(name, { PORT: String(ports[name]) })
  const [users, events, notifications] = await Promise.all([
    behindGateway('users'),
    behindGateway('events'),
    behindGateway('notifications'),
  ])
  const processes = { users, events, notifications }
  closers.unshift(() => Promise.all(Object.values(processes).map((process) => process.kill('SIGTERM'))))
  const { logFile } = own(await startGateway(ports), (it) => it.stop())

  return {
    api: createApiClient(publicUrl),
    publicUrl,
    sink,
    databases,
    environments,
    processes,
    gatewayLog: logFile,
    async revive(name) {
      processes[name] = await behindGateway(name)
    },
    startAnother: async (name, environment) => own(await begin(name, environment), (it) => it.kill('SIGTERM')),
    async stop() {
      for (const close of closers) await close()
    },
  }
}

async function startGateway(ports: Record<ServiceName | 'gateway', number>) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-gateway-'))
  await chmod(folder, 0o755)
  const engine = gateway({
    users: `127.0.0.1:${ports.users}`,
    events: `127.0.0.1:${ports.events}`,
    notifications: `127.0.0.1:${ports.notifications}`,
    mailboxUrl: 'http://127.0.0.1:1',
    corsOrigins: [`http://127.0.0.1:${ports.gateway}`],
  })
  await ensureEngines(
    [engine],
    createProgress((text) => process.stderr.write(text)),
  )
  const place = { port: ports.gateway, folder, durable: false, credentials: { user: '', password: '' } }
  const started = await startEngine(engine, place)
  const { readFile } = await import('node:fs/promises')
  return {
    logFile: () => readFile(started.logFile, 'utf8'),
    async stop() {
      await started.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
