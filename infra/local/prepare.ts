import { join } from 'node:path'
import pg from 'pg'
import { runCommand } from './run-command.ts'
import { databaseUrl, presentServices, type ServiceName, serviceEnvironment, serviceNames } from './services.ts'
import { ROOT } from './settings.ts'
import { POSTGRES_USER, type Stack } from './stack.ts'

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
    for (const name of serviceNames) await createDatabase(client, { name, password: passwordOf(stack, name) })
  } finally {
    await client.end()
  }
}

function passwordOf(stack: Stack, name: ServiceName): string {
  return new URL(databaseUrl(stack, name)).password
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

/** Migrations of every service, topics and buckets; each is a script that says in its own words what fails. */
export async function applySchemas(stack: Stack): Promise<void> {
  const migrations = presentServices().map((name) => ({ script: `services/${name}/src/database/migrate.ts`, name }))
  // Topics and buckets find what they need in any service's environment.
  const topics = { script: 'packages/messaging/src/apply-topics.ts', name: 'events' as const }
  const buckets = { script: 'packages/storage/src/apply-buckets.ts', name: 'events' as const }
  const scripts: { script: string; name: ServiceName }[] = [...migrations, topics, buckets]
  await Promise.all(
    scripts.map(({ script, name }) =>
      runCommand({
        command: process.execPath,
        args: [join(ROOT, script)],
        environment: serviceEnvironment(stack, name),
        workingFolder: ROOT,
      }),
    ),
  )
}
