import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import { Pool, type PoolClient, type PoolConfig, types } from 'pg'
import { callersClient } from './callers-client.ts'
import { toCallersError } from './errors.ts'

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

const STATEMENT_TIMEOUT_MS = 10_000

function createPool({
  url,
  maxConnections,
  applicationName,
  statementTimeoutMs,
  connectTimeoutMs = 3000,
}: DatabaseOptions & { statementTimeoutMs: number }): Pool {
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

/** How much longer than the server gives a statement its answer is waited for: it says itself that it has ended one. */
const PATIENCE = 1.2

/**
 * A database whose `timestamptz` comes as Date and `bigint` as number. What it throws is {@link EngineAway} where it
 * could not be asked or does not answer, and the driver's DatabaseError where it refused.
 */
export function createDatabase<Tables>(options: DatabaseOptions): Kysely<Tables> {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options
  const pool = createPool({ ...options, statementTimeoutMs })
  /** By the object that Kysely knows it by: one each, as it keeps what belongs to a connection. */
  const clients = new WeakMap<PoolClient, PostgresPoolClient>()

  async function connect(): Promise<PostgresPoolClient> {
    try {
      const client = await pool.connect()
      const known = clients.get(client) ?? callersClient(client, statementTimeoutMs * PATIENCE)
      clients.set(client, known)
      return known
    } catch (error) {
      throw toCallersError(error)
    }
  }
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } }),
  })
}
