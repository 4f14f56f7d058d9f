import { type Kysely, sql } from 'kysely'

/** Keys of tickets after the first, which is the environment's; each registration keeps the one that it was made with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ticket_keys (
      version integer primary key check (version > 1),
      sealed_private_jwk text not null,
      created_at timestamptz not null,
      signs_from timestamptz not null
    )`.execute(db)
  await sql`alter table registrations add column ticket_key integer not null default 1`.execute(db)
}
