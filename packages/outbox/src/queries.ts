import { type Kysely, sql } from 'kysely'
import { type OutboxRow, type OutboxTables, outboxColumns } from './tables.ts'

const wireColumns = outboxColumns.filter((column) => column !== 'created_at')
const waitedMs = sql<number>`(extract(epoch from clock_timestamp() - created_at) * 1000)::float8`

const everyColumn = sql.join(outboxColumns.map((column) => sql.ref(column)))

/**
 * The oldest rows, by position. Not by a cursor: a transaction that took its position early may commit late.
 */
export function readBatch(db: Kysely<OutboxTables>, { limit, inFlight }: { limit: number; inFlight: number[] }) {
  return db
    .selectFrom('outbox')
    .select([...wireColumns, waitedMs.as('waitedMs')])
    .$if(inFlight.length > 0, (query) => query.where(sql<boolean>`position <> all(${inFlight}::bigint[])`))
    .orderBy('position')
    .limit(limit)
    .execute()
}

export interface BatchRow extends Omit<OutboxRow, 'created_at'> {
  /** Milliseconds since it was written, by the database's clock. */
  waitedMs: number
}

interface Guarded {
  owner: string
  positions: number[]
}

/** Deletes rows that Kafka has acknowledged, if the lease is still ours: else its new owner sends and deletes them. */
export async function deleteSent(db: Kysely<OutboxTables>, { owner, positions }: Guarded): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('outbox')
    .where(sql<boolean>`position = any(${positions}::bigint[])`)
    .where(leaseIsOurs(owner))
    .executeTakeFirst()
  return Number(numDeletedRows) > 0
}

/** Moves a row that the broker refuses out of the way of those behind it. */
export async function park(
  db: Kysely<OutboxTables>,
  { owner, position, reason }: { owner: string; position: number; reason: string },
): Promise<void> {
  await sql`
    with refused as (
      delete from outbox where position = ${position} and ${leaseIsOurs(owner)} returning ${everyColumn}
    )
    insert into outbox_parked (${everyColumn}, reason) select ${everyColumn}, ${reason} from refused
  `.execute(db)
}

function leaseIsOurs(owner: string) {
  return sql<boolean>`exists (
    select from outbox_lease where outbox_lease.owner = ${owner} and outbox_lease.expires_at > clock_timestamp()
  )`
}

export interface OutboxState {
  depth: number
  oldestAgeSeconds: number
  parked: number
}

/** Age by the database's clock; 0 when empty. */
export async function readState(db: Kysely<OutboxTables>): Promise<OutboxState> {
  const { rows } = await sql<OutboxState>`
    select (select count(*)::int from outbox) as "depth",
      coalesce((select extract(epoch from clock_timestamp() - created_at) from outbox order by position limit 1), 0)::float8
        as "oldestAgeSeconds",
      (select count(*)::int from outbox_parked) as "parked"
  `.execute(db)
  return rows[0] ?? { depth: 0, oldestAgeSeconds: 0, parked: 0 }
}
