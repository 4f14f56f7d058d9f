import { callersClient } from '@rollcall/database/callers-client'
import type { Migrations } from '@rollcall/database/migrate'
import { Kysely, PostgresDialect, type PostgresPoolClient, sql } from 'kysely'
import { Pool } from 'pg'
import { createBenchDatabase } from '../stage/database.ts'

/** Milliseconds for one statement. */
const PATIENCE_MS = 60_000

/** For the sessions of this database from now on: the server tells the plan of each statement, as it went. */
const settings = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_level': 'notice',
}

/** The server decides after five whether it keeps a plan that is made for any values at all. */
const TIMES = 7

export interface Explained {
  /** The statement's own words. */
  statement: string
  /** As `explain analyze` prints it. */
  plan: string
  /** Milliseconds, with what it takes to count the rows. */
  durationMs: number
}

export interface ExplainingDatabase<Tables> {
  db: Kysely<Tables>
  /** Does it several times, and gives the plans of the last: those that a prepared statement keeps. */
  explain(work: () => Promise<unknown>): Promise<Explained[]>
  /** Bytes on disk that a row of each filled table takes, with its share of the indexes. */
  bytesPerRow(): Promise<Record<string, number>>
  close(): Promise<void>
}

/** A new database, filled by these statements, that tells the plans of what it is asked. */
export async function createExplainingDatabase<Tables>(
  name: string,
  { migrations, fill }: { migrations: Migrations; fill: readonly string[] },
): Promise<ExplainingDatabase<Tables>> {
  const made = await createBenchDatabase<Tables>(name, migrations)
  for (const statement of [...fill, 'vacuum analyze']) await sql.raw(statement).execute(made.db)
  const database = sql.id(new URL(made.url).pathname.slice(1))
  for (const [setting, value] of Object.entries(settings)) {
    const named = sql.raw(setting)
    await sql`alter database ${database} set ${named} = ${sql.lit(value)}`.execute(made.db)
  }
  const told: Explained[] = []
  const pool = new Pool({ connectionString: made.url, max: 1 })
  pool.on('connect', (client) => {
    client.on('notice', ({ message }) => told.push(...readExplained(message)))
  })
  let client: PostgresPoolClient | undefined
  const connect = async () => {
    const connected = await pool.connect()
    client ??= callersClient(connected, PATIENCE_MS)
    return client
  }
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: {} } }),
  })
  return {
    db,
    async explain(work) {
      for (let time = 0; time < TIMES; time += 1) {
        told.length = 0
        await work()
      }
      return told.splice(0)
    },
    async bytesPerRow() {
      const { rows } = await sql<{ name: string; bytes: number }>`
        select relname as name, (pg_total_relation_size(oid) / reltuples)::int as bytes
        from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= 1000 order by relname`.execute(
        made.db,
      )
      return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
    },
    async close() {
      await db.destroy()
      await made.close()
    },
  }
}

/** What auto_explain tells of a statement, in PostgreSQL's text format; nothing of what is no plan. */
export function readExplained(notice: string | undefined): Explained[] {
  const found = /^duration: ([\d.]+) ms\s+plan:\nQuery Text: (.*?)\n(\S[^\n]*\(cost=.*)$/s.exec(notice ?? '')
  if (!found) return []
  const [, durationMs, statement = '', plan = ''] = found
  return [{ statement: statement.replace(/\s+/g, ' ').trim(), plan: plan.trimEnd(), durationMs: Number(durationMs) }]
}

/** The tables of which the plan has looked at this many rows or more, whether or not it took them. */
export function tablesReadWidely(plan: string, rows: number): string[] {
  const scans = plan.matchAll(
    /Scan (?:using \w+ )?on (\w+)[^\n]*\(actual rows=(\d+) loops=(\d+)\)((?:\n(?! *->)[^\n]*)*)/g,
  )
  const wide = [...scans].filter(([, , taken, loops, details = '']) => {
    const removed = /Rows Removed by (?:Filter|Index Recheck): (\d+)/.exec(details)?.[1] ?? 0
    return (Number(taken) + Number(removed)) * Number(loops) >= rows
  })
  return wide.map(([, table = '']) => table)
}
