import { type Kysely, sql } from 'kysely'

/** What lists of users are found and sorted by, at a million of them, and requests for the professional status. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // A trusted extension: the database's owner may create it.
  await sql`create extension if not exists pg_trgm`.execute(db)
  // Parts are kept apart by a line break, which none of them holds, so that nothing is found across two of them.
  await sql`
    alter table users add column search text not null generated always as (
      lower(email_key || E'\n' || nickname || E'\n' || coalesce(first_name, '') || E'\n' || coalesce(last_name, ''))
    ) stored`.execute(db)
  await sql`create index users_search_idx on users using gin (search gin_trgm_ops)`.execute(db)
  await sql`create index users_created_at_idx on users (created_at, id)`.execute(db)
  await sql`
    create index users_last_login_at_idx on users
      ((coalesce(last_login_at, timestamptz '0001-01-01T00:00:00Z')), id)`.execute(db)
  await sql`create index users_nickname_idx on users (lower(nickname), id)`.execute(db)
  await sql`create index users_email_idx on users (email_key, id)`.execute(db)
  await sql`create index users_role_idx on users (role, created_at, id)`.execute(db)
  await sql`create index users_locked_idx on users (created_at, id) where locked`.execute(db)
  await sql`create index users_professional_idx on users (created_at, id) where professional`.execute(db)

  await sql`
    create table professional_requests (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      requested_at timestamptz not null,
      decided_at timestamptz,
      decision text check (decision in ('granted', 'declined')),
      decided_by uuid,
      constraint professional_requests_decided_check check (
        (decided_at is null) = (decision is null) and (decided_at is null) = (decided_by is null)
      )
    )`.execute(db)
  await sql`
    create unique index professional_requests_open_key on professional_requests (user_id) where decided_at is null
  `.execute(db)
  await sql`create index professional_requests_requested_at_idx on professional_requests (requested_at, id)`.execute(db)
}
