import { Kysely, PostgresDialect } from 'kysely'
import { Pool, type PoolConfig, types } from 'pg'

const INT8 = 20

/** Counts and versions stay far below 2^53; what doesn't fit is an error, never a rounded number. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit into a number`)
  return value
}

const typeParsers: NonNullable<PoolConfig['types']> = {
  getTypeParser: ((oid: number, format: 'text') =>
    oid === INT8 ? parseInt8 : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
}

export interface DatabaseOptions {
  url: string
  maxConnections: number
  /** Shown by `pg_stat_activity`. */
  applicationName: string
  /** Milliseconds after which the server ends a statement. Default: 10 000. */
  statementTimeoutMs?: number
  /** Milliseconds that somebody waits for a connection. Default: 3 000. */
  connectTimeoutMs?: number
}

/** A pool: `timestamptz` comes as Date, `bigint` as number. */
export function createPool({
  url,
  maxConnections,
  applicationName,
  statementTimeoutMs = 10_000,
  connectTimeoutMs = 3000,
}: DatabaseOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    // A transaction whose process froze must not hold the rows of everybody else.
    idle_in_transaction_session_timeout: 15_000,
    types: typeParsers,
  })
  // Without a listener, a connection that the server closes while idle would end the process; the pool replaces it.
  pool.on('error', () => {})
  return pool
}

export function createDatabase<Tables>(options: DatabaseOptions): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPool(options) }) })
}
