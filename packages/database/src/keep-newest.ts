import { type Insertable, type Kysely, sql } from 'kysely'

/** What a projection's table has beside its content: whose state it is, and of which version. */
interface Projected {
  id: unknown
  sequence: unknown
}

/** Names of tables that are projections. */
type ProjectionOf<DB> = { [Name in keyof DB & string]: DB[Name] extends Projected ? Name : never }[keyof DB & string]

/**
 * A row that names every column. What an insert may leave out (what is null or has a default) would keep its old value
 * when the row is replaced.
 */
type Whole<Table> = Required<Insertable<Table>>

/**
 * Keeps the newest state of each aggregate: a row is replaced, in every column, by one of a higher sequence, and by no
 * other, whatever order they come in. No two rows may have the same id.
 */
export async function keepNewest<DB, Name extends ProjectionOf<DB>>(
  db: Kysely<DB>,
  table: Name,
  rows: readonly Whole<DB[Name]>[],
): Promise<void> {
  const [first] = rows
  if (!first) return
  // The type asks for every column: a list of them here would be forgotten with the next one.
  const columns = Object.keys(first).toSorted()
  const name = sql.table(table)
  const listed = (prefix: string) => sql.join(columns.map((column) => sql.ref(`${prefix}${column}`)))
  // One text for any number of rows, so that it is prepared once.
  await sql`
    insert into ${name} (${listed('')})
    select ${listed('newest.')} from json_populate_recordset(null::${name}, ${JSON.stringify(rows)}) as newest
    on conflict (id) do update set (${listed('')}) = row (${listed('excluded.')})
    where excluded.sequence > ${sql.ref(`${table}.sequence`)}
  `.execute(db)
}
