import { type Kysely, sql } from 'kysely'

/** Admins are looked for among all accounts whenever a role changes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index users_admins_idx on users (id) where role = 'admin'`.execute(db)
}
