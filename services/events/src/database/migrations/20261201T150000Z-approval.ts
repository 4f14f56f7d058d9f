import { type Kysely, sql } from 'kysely'

/** What editing, deciding and searching need. No list but that of whoever manages them has unpublished events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // A trusted extension: the database's owner may create it.
  await sql`create extension if not exists pg_trgm`.execute(db)
  await sql`
    alter table events
      add column edit bigint not null default 1,
      add column rejection_reason text,
      add column registration_opens_at timestamptz,
      add column registration_closes_at timestamptz,
      add column reminders integer[] not null default '{1440,60}',
      add column search text not null generated always as (lower(title || E'\n' || description)) stored,
      add constraint events_reason_of_rejected check ((rejection_reason is not null) = (status = 'REJECTED')),
      add constraint events_registration_closes_after_opening check (registration_closes_at > registration_opens_at)
  `.execute(db)
  const listed = sql`status = 'PUBLISHED' and visibility = 'public'`
  await sql`create index events_listed_created_at_idx on events (created_at, id) where ${listed}`.execute(db)
  await sql`create index events_listed_category_idx on events (category, start_at, id) where ${listed}`.execute(db)
  await sql`create index events_tags_idx on events using gin (tags) where ${listed}`.execute(db)
  await sql`create index events_search_idx on events using gin (search gin_trgm_ops)`.execute(db)
  await sql`create index events_location_idx on events using gin (lower(location) gin_trgm_ops)`.execute(db)
  await sql`create index events_organizer_idx on events (organizer_id, created_at, id)`.execute(db)
  await sql`create index events_created_at_idx on events (created_at, id)`.execute(db)
  await sql`create index events_pending_idx on events (created_at, id) where status = 'PENDING'`.execute(db)
}
