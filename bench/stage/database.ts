import { createDatabase } from '@rollcall/database/connect'
import { type Migrations, migrateToLatest } from '@rollcall/database/migrate'
import { type Kysely, sql } from 'kysely'
import { benchEngines } from './engines.ts'

export interface BenchDatabase<Tables> {
  url: string
  db: Kysely<Tables>
  close(): Promise<void>
}

/** A new database on the run's server, which ends with the run. */
export async function createBenchDatabase<Tables>(
  name: string,
  migrations: Migrations,
): Promise<BenchDatabase<Tables>> {
  const { postgres } = await benchEngines()
  const unique = `${name}_${Date.now()}`
  const administrator = createDatabase<unknown>({ url: postgres, maxConnections: 1, applicationName: 'bench' })
  await sql`create database ${sql.id(unique)}`.execute(administrator)
  await administrator.destroy()
  const url = new URL(postgres)
  url.pathname = `/${unique}`
  const db = createDatabase<Tables>({
    url: url.href,
    maxConnections: 10,
    applicationName: 'bench',
    statementTimeoutMs: 120_000,
  })
  await migrateToLatest(db, migrations)
  return { url: url.href, db, close: () => db.destroy() }
}
