import type { Insertable, Kysely } from 'kysely'

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
  const columns = Object.keys(first).filter((column) => column !== 'id')
  // The constraints above have said what the rows are; how columns are named is all that is left to know.
  const plain = db as unknown as Kysely<{ projection: Record<string, unknown> }>
  await plain
    .insertInto(table as 'projection')
    .values(rows as unknown as Record<string, unknown>[])
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(({ ref }) => Object.fromEntries(columns.map((column) => [column, ref(`excluded.${column}`)])))
        .whereRef('excluded.sequence', '>', `${table}.sequence`),
    )
    .execute()
}
