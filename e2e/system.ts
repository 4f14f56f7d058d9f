import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gateway } from '@rollcall/engines/gateway'
import { freePort } from '@rollcall/engines/ports'
import { createProgress } from '@rollcall/engines/progress'
import { ensureEngines, startEngine } from '@rollcall/engines/start-engine'
import { byService, type ServiceName, serviceNames } from '@rollcall/stack/services'
import { buckets } from '@rollcall/storage/buckets'
import { createObjectStorage } from '@rollcall/storage/objects'
import { applyTestTopics, createTestSecrets, testEnvironment } from '@rollcall/test-stack/environments'
import { type ServiceProcess, startService } from '@rollcall/test-stack/processes'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import type { TestEngines } from '@rollcall/testing/engines'
import { type SmtpSink, startSmtpSink } from '@rollcall/testing/smtp-sink'
import { inject } from 'vitest'

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
  const ports = await forEachService(freePort)
  const gatewayPort = await freePort()
  const publicUrl = `http://127.0.0.1:${gatewayPort}`
  const secrets = await createTestSecrets()
  await applyTestTopics(secrets, overrides.all?.['KAFKA_BROKERS'] ?? engines.kafka)
  await createObjectStorage(engines.minio).ensureBuckets(buckets)
  const sink = own(await startSmtpSink(), (it) => it.stop())
  const databases = await forEachService(async (name) => {
    const { migrations } = await import(`../services/${name}/src/database/migrations.ts`)
    return own(await createTestDatabase({ name, migrations, server: engines.postgres }), (it) => it.drop())
  })
  const jwksUrl = `http://127.0.0.1:${ports.users}/.well-known/jwks.json`
  const wanted = { publicUrl, jwksUrl, smtpUrl: sink.url, secrets, engines }
  const environments = await forEachService(async (name) => ({
    ...testEnvironment(name, { ...wanted, databaseUrl: databases[name].url }),
    ...overrides.all,
    ...overrides[name],
  }))
  const begin = (name: ServiceName, environment: Record<string, string> = {}) =>
    startService({ name, environment: { ...environments[name], ...environment } })
  const behindGateway = (name: ServiceName) => begin(name, { PORT: String(ports[name]) })
  const processes = await forEachService(behindGateway)
  closers.unshift(() => Promise.all(Object.values(processes).map((process) => process.kill('SIGTERM'))))
  const { logFile } = own(await startGateway(gatewayPort, ports), (it) => it.stop())

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

/** What is made of each service, at once for all. */
async function forEachService<Value>(make: (name: ServiceName) => Promise<Value>): Promise<Record<ServiceName, Value>> {
  const made = await Promise.all(serviceNames.map(async (name) => [name, await make(name)] as const))
  return Object.fromEntries(made) as Record<ServiceName, Value>
}

async function startGateway(port: number, ports: Record<ServiceName, number>) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-gateway-'))
  await chmod(folder, 0o755)
  const engine = gateway({
    services: byService((name) => `127.0.0.1:${ports[name]}`),
    mailboxUrl: 'http://127.0.0.1:1',
    corsOrigins: [`http://127.0.0.1:${port}`],
  })
  await ensureEngines(
    [engine],
    createProgress((text) => process.stderr.write(text)),
  )
  const place = { port, folder, durable: false, credentials: { user: '', password: '' } }
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
