import { type Kysely, sql } from 'kysely'

/** Who waits for a seat, in the order in which they came; and what is kept of a registration that was given up. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table events
      add column waitlist_count integer not null default 0 check (waitlist_count >= 0),
      add column waitlist_tail bigint not null default 0`.execute(db)
  await sql`
    alter table registrations
      add column waitlist_number bigint,
      add column cancelled_at timestamptz,
      add constraint registrations_number_of_waiting check ((waitlist_number is not null) = (status = 'WAITLISTED')),
      add constraint registrations_cancelled_at check ((cancelled_at is not null) = (status = 'CANCELLED'))`.execute(db)
  await sql`
    create unique index registrations_waitlist_key on registrations (event_id, waitlist_number)
      where status = 'WAITLISTED'`.execute(db)
  await sql`drop index registrations_attendee_idx`.execute(db)
  await sql`create index registrations_attendee_idx on registrations (attendee_id, created_at, id)`.execute(db)
  await sql`
    create index events_promotable_idx on events (id)
      where status = 'PUBLISHED' and waitlist_count > 0 and seats_taken < capacity`.execute(db)
}
