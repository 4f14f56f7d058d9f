import { type Kysely, sql } from 'kysely'

/** A key is published before it signs, and stays published after it has been followed by another. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table signing_keys add column signs_from timestamptz`.execute(db)
  await sql`update signing_keys set signs_from = created_at`.execute(db)
  // Processes of the version before add a key without it: theirs signs at once.
  await sql`alter table signing_keys alter column signs_from set default now(), alter column signs_from set not null`.execute(
    db,
  )
}
