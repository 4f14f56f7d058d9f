import { type Kysely, sql } from 'kysely'

/** What people who hold a place have to be told: that their event is elsewhere, at another time, or not at all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table events
      add column schedule_version bigint not null default 1,
      add column announcing boolean not null default false,
      add column cancelled_by uuid,
      add column cancellation_reason text,
      add constraint events_cancelled_by check ((cancelled_by is not null) = (status = 'CANCELLED'))`.execute(db)
  await sql`create index events_announcing_idx on events (id) where announcing`.execute(db)
  await sql`
    create table event_schedules (
      event_id uuid not null references events (id) on delete cascade,
      version bigint not null,
      start_at timestamptz not null,
      end_at timestamptz not null,
      time_zone text not null,
      location text not null,
      online_url text,
      primary key (event_id, version)
    )`.execute(db)
  await sql`
    alter table registrations
      add column schedule_version bigint not null default 1,
      add column cancel_reason text`.execute(db)
  await sql`update registrations set cancel_reason = 'attendee' where status = 'CANCELLED'`.execute(db)
  await sql`
    alter table registrations
      add constraint registrations_cancel_reason check ((cancel_reason is not null) = (status = 'CANCELLED'))`.execute(
    db,
  )
  await sql`
    create index registrations_active_idx on registrations (event_id, id) where status <> 'CANCELLED'`.execute(db)
}
