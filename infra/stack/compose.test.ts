import { kafka } from '@rollcall/engines/kafka'
import { minio } from '@rollcall/engines/minio'
import { postgres } from '@rollcall/engines/postgres'
import { redis } from '@rollcall/engines/redis'
import { images, versions } from '@rollcall/engines/versions'
import { buckets } from '@rollcall/storage/buckets'
import { describe, expect, it } from 'vitest'
import { environmentOf, readCompose } from './compose-file.ts'
import { type ServiceSecrets, serviceEnvironment } from './environments.ts'
import { createSecrets } from './secrets.ts'
import { type Need, portNames, type ServiceName, serviceNames, services } from './services.ts'
import { PORTS } from './settings.ts'

const compose = readCompose()
const service = (name: string) => compose[name] ?? {}
const engines = [postgres, redis, kafka, minio]
const SCRIPTS = ['topics', 'buckets', ...serviceNames.map((name) => `${name}-migrate`)]

const passwordOf = (name: ServiceName) => `local-only-${name}`

/** Where the services find each other among the containers. */
const addressesOf = (name: ServiceName) => ({
  publicUrl: 'http://localhost:8080',
  databaseUrl: `postgres://${name}:${passwordOf(name)}@postgres:5432/${name}`,
  kafka: 'kafka:9092',
  redisUrl: 'redis://redis:6379',
  jwksUrl: 'http://users:8080/.well-known/jwks.json',
  smtpUrl: 'smtp://mailbox:1025',
  storage: { endpoint: 'http://minio:9000', accessKey: 'rollcall', secretKey: 'local-only-minio' },
})

/** Every secret that a service may have, by its variable. */
const secretVariables = (name: ServiceName) => {
  const described = (secrets: ServiceSecrets) => serviceEnvironment(name, { addresses: addressesOf(name), secrets })
  const [one, other] = [described(createSecrets()), described(createSecrets())]
  return Object.keys(one).filter((variable) => one[variable] !== other[variable])
}
const allSecrets = serviceNames.flatMap((name) => secretVariables(name).map((variable) => ({ name, variable })))

/** What only the orchestrator or an operator says. */
const SETTINGS = ['NODE_ENV', 'LOG_LEVEL', 'PORT', 'INNER_PORT', 'TRUSTED_PROXIES', 'FIRST_USER_IS_ADMIN']

it('runs the parts of the stack, and tools for those who ask for them', () => {
  const parts = Object.keys(compose).filter((name) => service(name).profiles === undefined)
  const expected = [...engines.map(({ name }) => name), 'mailbox', 'gateway', ...SCRIPTS, ...serviceNames]
  expect(parts.sort()).toEqual(expected.sort())
})

it.each(Object.entries(images))('runs %s from the image %s', (name, image) => {
  expect(service(name).image).toBe(image)
})

it('runs the same Kafka natively and in a container', () => {
  expect(images.kafka).toContain(versions.kafka.version)
})

it.each(engines)('tells $name what it is told natively and in tests', ({ name, container }) => {
  const credentials = { user: 'rollcall', password: `local-only-${name}` }
  const recipe = container?.({ port: 19_092, folder: '', durable: true, credentials })
  expect(recipe).toBeDefined()
  // Containers also find each other by a listener of their own.
  const settings = Object.entries(recipe?.environment ?? {}).filter(([variable]) => !variable.includes('LISTENER'))
  expect(service(name).environment).toMatchObject(Object.fromEntries(settings))
  if (recipe?.command) expect(service(name).command).toEqual(recipe.command)
})

it('listens at the ports of the local start, on this machine alone', () => {
  const published = Object.values(compose)
    .filter(({ profiles }) => profiles === undefined)
    .flatMap(({ ports = [] }) => ports)
  const inner = new Set<string>(serviceNames.flatMap((name) => Object.values(portNames(name))))
  const expected = Object.entries(PORTS).filter(([name]) => !inner.has(name))
  expect(published.map((port) => port.split(':').slice(0, 2).join(':')).sort()).toEqual(
    expected.map(([, port]) => `127.0.0.1:${port}`).sort(),
  )
})

it.each(allSecrets)('hands $variable to $name, and to nobody who has no need of it', ({ name, variable }) => {
  const holders = Object.keys(compose).filter((other) => variable in environmentOf(service(other)))
  const needing = allSecrets.filter((secret) => secret.variable === variable).map((secret) => secret.name)
  expect(holders.sort()).toEqual(needing.sort())
  const value = environmentOf(service(name))[variable] ?? ''
  const readable = variable === 'KEY_ENCRYPTION_KEY' ? Buffer.from(value, 'base64url').toString() : value
  expect(readable).toContain('local-only')
})

describe.each(serviceNames)('%s', (name) => {
  const found = environmentOf(service(name))

  it('finds the variables that its description names, and settings', () => {
    const described = serviceEnvironment(name, { addresses: addressesOf(name), secrets: createSecrets() })
    const variables = Object.keys(found).filter((variable) => !SETTINGS.includes(variable))
    expect(variables.sort()).toEqual(Object.keys(described).sort())
    const secrets = secretVariables(name)
    const open = Object.entries(described).filter(([variable]) => !secrets.includes(variable))
    expect(found).toMatchObject(Object.fromEntries(open))
  })

  it('waits for what it needs', () => {
    const parts: Record<Need, [string, string]> = {
      migrations: [`${name}-migrate`, 'service_completed_successfully'],
      topics: ['topics', 'service_completed_successfully'],
      buckets: ['buckets', 'service_completed_successfully'],
      redis: ['redis', 'service_healthy'],
    }
    const expected = services[name].needs.map((need) => [parts[need][0], { condition: parts[need][1] }])
    expect(service(name).depends_on).toEqual(Object.fromEntries(expected))
  })

  it('is migrated by a script that knows its database and nothing else', () => {
    const { environment, command, env_file } = service(`${name}-migrate`)
    expect({ environment, command, env_file }).toEqual({
      environment: { DATABASE_URL: addressesOf(name).databaseUrl },
      command: ['node', 'src/database/migrate.ts'],
    })
  })
})

it('gives each service a database and a password of its own', () => {
  const passwords = serviceNames.map((name) => [`${name.toUpperCase()}_DATABASE_PASSWORD`, passwordOf(name)])
  const given = Object.entries(service('postgres').environment ?? {})
  expect(given.filter(([variable]) => variable.endsWith('_DATABASE_PASSWORD'))).toEqual(passwords)
})

it('makes nobody an admin for being the first', () => {
  expect(environmentOf(service('users'))['FIRST_USER_IS_ADMIN']).toBe('false')
})

it('lets only those know the storage who use it', () => {
  const holders = Object.keys(compose).filter((name) => 'MINIO_SECRET_KEY' in environmentOf(service(name)))
  expect(holders.sort()).toEqual(['buckets', 'events', 'notifications'])
  expect(Object.keys(environmentOf(service('buckets'))).sort()).toEqual([
    'MINIO_ACCESS_KEY',
    'MINIO_ENDPOINT',
    'MINIO_SECRET_KEY',
  ])
})

it('keeps secrets from the gateway, the mailbox and the topics', () => {
  for (const name of ['gateway', 'mailbox', 'topics', 'redis', 'kafka']) {
    expect(JSON.stringify(environmentOf(service(name)))).not.toMatch(/local-only|PASSWORD|SECRET|_KEY"/)
  }
})

it('makes the buckets that the code names, and names none itself', () => {
  const command = service('buckets').command ?? []
  expect(command.at(-1)).toMatch(/apply-buckets\.ts$/)
  for (const bucket of buckets) expect(JSON.stringify(service('buckets'))).not.toContain(`"${bucket}"`)
})
