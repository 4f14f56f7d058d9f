import type { Migrations } from '@rollcall/database/migrate'
import type { Kysely } from 'kysely'

/** A service's hot statements, on tables as large as they get. */
export interface Planned<Tables> {
  migrations: Migrations
  /** Statements that fill the tables. */
  fill: readonly string[]
  /** The service's own functions, by what they ask for. May be called several times. */
  statements: Readonly<Record<string, (db: Kysely<Tables>) => Promise<unknown>>>
  /** Tables of which a statement has to read much, by the statement's name. */
  readsWidely?: Readonly<Record<string, readonly string[]>>
}
