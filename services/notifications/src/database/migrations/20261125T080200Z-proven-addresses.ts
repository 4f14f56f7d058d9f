import { type Kysely, sql } from 'kysely'

/** Nobody counts as having proven an address until the next snapshot of theirs says so: the safe side. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table recipients add column email_verified boolean not null default false`.execute(db)
}
