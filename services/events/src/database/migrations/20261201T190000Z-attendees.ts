import { type Kysely, sql } from 'kysely'

/** Everybody who ever held a place at an event, in the order in which they came. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index registrations_event_idx on registrations (event_id, created_at, id)`.execute(db)
}
