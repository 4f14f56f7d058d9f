import { type RawBuilder, sql } from 'kysely'

/** A pattern for `like` that finds the text as a part of a lower-cased column, each of its characters for itself. */
export function anywhere(text: string): RawBuilder<string> {
  return sql<string>`'%' || lower(${text.replace(/[\\%_]/g, '\\$&')}) || '%'`
}
