import { type Kysely, sql } from 'kysely'

/** Everybody who ever held a place at an event, in the order in which they came. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index registrations_event_idx on registrations (event_id, created_at, id)`.execute(db)
  await sql`
    create index events_called_off_idx on events (start_at, id)
      where status = 'CANCELLED' and visibility = 'public'`.execute(db)
}
