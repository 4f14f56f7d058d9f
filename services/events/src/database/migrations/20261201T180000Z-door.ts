import { type Kysely, sql } from 'kysely'

/** Who comes to events, with or without an account, and everything that gates have scanned. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table people (
      id uuid primary key,
      sequence bigint not null,
      erased boolean not null,
      nickname text,
      first_name text,
      last_name text,
      email text,
      email_key text,
      email_verified boolean not null
    )`.execute(db)
  await sql`create index people_email_key_idx on people (email_key) where email_verified`.execute(db)
  await sql`
    create table guests (
      id uuid primary key,
      email text,
      email_key text unique,
      name text,
      user_id uuid,
      created_at timestamptz not null
    )`.execute(db)
  await sql`create index guests_user_idx on guests (user_id) where user_id is not null`.execute(db)
  await sql`
    alter table events
      add column extra_seats integer not null default 0 check (extra_seats >= 0),
      drop constraint events_seats_within_capacity,
      add constraint events_seats_within_capacity check (seats_taken between 0 and capacity + extra_seats)`.execute(db)
  await sql`
    alter table check_ins
      add column undone_at timestamptz,
      add column undone_by uuid,
      drop constraint check_ins_registration_key,
      add constraint check_ins_undone_by check ((undone_by is not null) = (undone_at is not null))`.execute(db)
  await sql`
    create unique index check_ins_registration_key on check_ins (registration_id) where undone_at is null`.execute(db)
  await sql`
    create table scans (
      id uuid primary key,
      event_id uuid,
      registration_id uuid references registrations (id),
      scanned_by uuid not null,
      gate text,
      verdict text not null,
      check_in_id uuid,
      check_in_at timestamptz,
      status text,
      nonce_key bytea unique,
      override_reason text,
      at timestamptz not null
    )`.execute(db)
  await sql`create index scans_event_idx on scans (event_id, at, id)`.execute(db)
}
