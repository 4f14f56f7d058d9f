/**
 * The columns of a table, out of a record that names each: one that is missing, or that the table does not have, does not
 * compile. Statements list them: a prepared one with `*` would fail once a migration has added a column.
 */
export function columnsOf<Table>(columns: Record<keyof Table & string, true>): (keyof Table & string)[] {
  return Object.keys(columns) as (keyof Table & string)[]
}
