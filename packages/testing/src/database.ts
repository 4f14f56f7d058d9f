import { createHash, randomBytes } from 'node:crypto'
import { createDatabase } from '@rollcall/database/connect'
import { type Migrations, migrateToLatest } from '@rollcall/database/migrate'
import { type Kysely, sql } from 'kysely'
import { inject } from 'vitest'
import './engines.ts'

export interface TestDatabase<Tables> {
  url: string
  db: Kysely<Tables>
  /** Closes `db` and removes the database, ending whatever session is left in it. */
  drop(): Promise<void>
}

/**
 * A database of its own with these migrations applied: a clone of a template that the first test file to ask has
 * migrated. `name` only serves to tell databases apart when reading logs.
 */
export async function createTestDatabase<Tables>({
  name,
  migrations,
  server: administratorUrl = inject('engines').postgres,
}: {
  name: string
  migrations: Migrations
  /** Administrator's URL, for those that vitest does not run. */
  server?: string
}): Promise<TestDatabase<Tables>> {
  const administrator = connect<unknown>(administratorUrl, 1)
  try {
    const template = await ensureTemplate(administrator, { administratorUrl, name, migrations })
    const clone = `${name}_${randomBytes(6).toString('hex')}`
    await sql`create database ${sql.id(clone)} template ${sql.id(template)} strategy file_copy`.execute(administrator)
    const url = databaseUrl(administratorUrl, clone)
    const db = connect<Tables>(url, 20)
    return { url, db, drop: () => drop(db, administratorUrl, clone) }
  } finally {
    await administrator.destroy()
  }
}

function connect<Tables>(url: string, maxConnections: number): Kysely<Tables> {
  return createDatabase<Tables>({ url, maxConnections, applicationName: 'test' })
}

function databaseUrl(administratorUrl: string, database: string): string {
  const url = new URL(administratorUrl)
  url.pathname = `/${database}`
  return url.toString()
}

interface Template {
  administratorUrl: string
  name: string
  migrations: Migrations
}

/** Test files run at once in several processes: the lock lets one migrate while the others wait. */
async function ensureTemplate(administrator: Kysely<unknown>, wanted: Template): Promise<string> {
  const content = Object.entries(wanted.migrations).map(([name, { up }]) => `${name}${up}`)
  const digest = createHash('sha256').update(content.join()).digest('hex').slice(0, 12)
  const template = `template_${wanted.name}_${digest}`
  await administrator.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(hashtext('rollcall-template'))`.execute(connection)
    try {
      const found = await sql`select 1 from pg_database where datname = ${template}`.execute(connection)
      if (found.rows.length === 0) await createTemplate(connection, template, wanted)
    } finally {
      await sql`select pg_advisory_unlock(hashtext('rollcall-template'))`.execute(connection)
    }
  })
  return template
}

async function createTemplate(connection: Kysely<unknown>, template: string, wanted: Template): Promise<void> {
  const draft = `${template}_draft`
  await sql`drop database if exists ${sql.id(draft)} with (force)`.execute(connection)
  await sql`create database ${sql.id(draft)}`.execute(connection)
  const db = connect<unknown>(databaseUrl(wanted.administratorUrl, draft), 1)
  try {
    await migrateToLatest(db, wanted.migrations)
  } finally {
    await db.destroy()
  }
  // Under its final name only when whole, so that a failed migration is not cloned by the next file.
  await sql`alter database ${sql.id(draft)} rename to ${sql.id(template)}`.execute(connection)
}

async function drop(db: { destroy(): Promise<void> }, administratorUrl: string, name: string): Promise<void> {
  await db.destroy()
  const administrator = connect<unknown>(administratorUrl, 1)
  try {
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(administrator)
  } finally {
    await administrator.destroy()
  }
}
