import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table recipients (
      id uuid constraint recipients_pkey primary key,
      sequence bigint not null,
      erased boolean not null default false,
      email text,
      nickname text,
      first_name text,
      locale text,
      time_zone text,
      role text,
      operator boolean not null default false,
      locked boolean not null default false,
      constraint recipients_erased_check check (
        case when erased then num_nonnulls(email, nickname, first_name, locale, time_zone, role) = 0
        else num_nulls(email, nickname, locale, time_zone, role) = 0 end)
    )
  `.execute(db)
  await sql`
    create table events (
      id uuid constraint events_pkey primary key,
      sequence bigint not null,
      erased boolean not null default false,
      title text,
      start_at timestamptz,
      time_zone text,
      location text,
      status text,
      constraint events_erased_check check (erased = (num_nulls(title, start_at, time_zone, location, status) > 0))
    )
  `.execute(db)
  await sql`
    create table registrations (
      id uuid constraint registrations_pkey primary key,
      sequence bigint not null,
      erased boolean not null default false,
      event_id uuid,
      attendee_id uuid,
      status text,
      constraint registrations_erased_check check (erased = (num_nulls(event_id, attendee_id, status) > 0))
    )
  `.execute(db)
}
