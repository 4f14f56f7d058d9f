/**
 * The names of a table's columns, all of them: one that is missing or that the row does not have does not compile.
 * Statements list what they read, because a prepared `select *` fails once a migration has added a column.
 */
export function columnsOf<Row>(columns: Record<keyof Row & string, true>): (keyof Row & string)[] {
  // The record above has exactly these keys.
  return Object.keys(columns) as (keyof Row & string)[]
}
