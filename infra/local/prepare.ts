import { join } from 'node:path'
import { runCommand } from '@rollcall/engines/run-command'
import { ROOT } from '@rollcall/engines/workspace'
import { storageEnvironment } from '@rollcall/stack/addresses'
import { preparations, type ServiceName, serviceNames } from '@rollcall/stack/services'
import { addressesOf, POSTGRES_USER, type Stack } from '@rollcall/stack/stack'
import pg from 'pg'
import { localEnvironment } from './services.ts'

/** A database and a role of its own for each service. */
export async function createDatabases(stack: Stack): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: stack.settings.ports.POSTGRES_PORT,
    user: POSTGRES_USER,
    password: stack.secrets.postgresPassword,
    database: 'postgres',
  })
  await client.connect()
  try {
    for (const name of serviceNames) {
      await createDatabase(client, { name, password: stack.secrets.databasePasswords[name] })
    }
  } finally {
    await client.end()
  }
}

async function createDatabase(
  client: pg.Client,
  { name, password }: { name: ServiceName; password: string },
): Promise<void> {
  const id = client.escapeIdentifier(name)
  const roles = await client.query('select 1 from pg_roles where rolname = $1', [name])
  const verb = roles.rowCount === 0 ? 'create' : 'alter'
  await client.query(`${verb} role ${id} login password ${client.escapeLiteral(password)}`)
  const databases = await client.query('select 1 from pg_database where datname = $1', [name])
  if (databases.rowCount === 0) await client.query(`create database ${id} owner ${id}`)
  await client.query(`revoke all on database ${id} from public`)
}

/** One of the scripts that run before the services; each says in its own words what fails. */
async function runScript(script: string, environment: Record<string, string>): Promise<void> {
  await runCommand({ command: process.execPath, args: [join(ROOT, script)], environment, workingFolder: ROOT })
}

export async function applyMigrations(stack: Stack, name: ServiceName): Promise<void> {
  await runScript(preparations.migrations(name), localEnvironment(stack, name))
}

export async function applyTopics(stack: Stack): Promise<void> {
  const { kafka } = addressesOf(stack, 'users')
  await runScript(preparations.topics, { ...stack.settings.environment, KAFKA_BROKERS: kafka })
}

export async function applyBuckets(stack: Stack): Promise<void> {
  const { storage } = addressesOf(stack, 'events')
  await runScript(preparations.buckets, { ...stack.settings.environment, ...storageEnvironment(storage) })
}
