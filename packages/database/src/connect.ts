import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import { Pool, type PoolClient, type PoolConfig, types } from 'pg'
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

function createPool({
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

/**
 * A database whose `timestamptz` comes as Date and `bigint` as number. What it throws is {@link EngineAway} where it
 * could not be asked, and the driver's DatabaseError where it refused.
 */
export function createDatabase<Tables>(options: DatabaseOptions): Kysely<Tables> {
  const pool = createPool(options)
  return new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: { connect: () => connect(pool), end: () => pool.end(), options: pool.options },
    }),
  })
}

/** Clients of the pool by the object that Kysely knows them by: one each, as it keeps what belongs to a connection. */
const translated = new WeakMap<PoolClient, ReturnType<typeof translateErrors>>()

async function connect(pool: Pool) {
  try {
    const client = await pool.connect()
    const known = translated.get(client) ?? translateErrors(client)
    translated.set(client, known)
    return known
  } catch (error) {
    throw toCallersError(error)
  }
}

function translateErrors(client: PoolClient) {
  return {
    async query(text: string, values: readonly unknown[]) {
      try {
        return await client.query(text, values as unknown[])
      } catch (error) {
        throw toCallersError(error)
      }
    },
    release: (destroy?: boolean | Error) => client.release(destroy),
    // Kysely's own type has cursors as well, which nothing here asks for.
  } as unknown as PostgresPoolClient
}
