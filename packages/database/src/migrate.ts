import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

/** Migrations by name; names sort in the order in which they apply (`20261121T100000Z-users`). */
export type Migrations = Record<string, Migration>

/**
 * Brings a database to the newest migration and gives the names that it applied. Processes that start together wait for
 * one another by Kysely's lock.
 *
 * @throws the error of the first migration that fails; those before it stay applied.
 */
export async function migrateToLatest<Tables>(db: Kysely<Tables>, migrations: Migrations): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  return results.filter((result) => result.status === 'Success').map((result) => result.migrationName)
}
