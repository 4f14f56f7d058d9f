import { type Kysely, sql } from 'kysely'

/** Frozen: services have applied it. A change is another migration. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      position bigint generated always as identity,
      id uuid not null,
      topic text not null,
      key text not null,
      type text not null,
      source text not null,
      subject text not null,
      time text not null,
      dataschema text not null,
      sequence bigint not null,
      data text,
      traceparent text,
      created_at timestamptz not null default clock_timestamp(),
      constraint outbox_pkey primary key (position),
      constraint outbox_sequence_check check (sequence > 0)
    )
    -- Every row is soon deleted again: dead ones are cleared by their number, not by a share of a table that is empty at rest.
    with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)
  `.execute(db)
  await sql`
    create table outbox_parked (
      position bigint not null,
      id uuid not null,
      topic text not null,
      key text not null,
      type text not null,
      source text not null,
      subject text not null,
      time text not null,
      dataschema text not null,
      sequence bigint not null,
      data text,
      traceparent text,
      created_at timestamptz not null,
      parked_at timestamptz not null default clock_timestamp(),
      reason text not null,
      constraint outbox_parked_pkey primary key (position)
    )
  `.execute(db)
  await sql`
    create table outbox_lease (
      id smallint not null default 1,
      owner uuid not null,
      expires_at timestamptz not null,
      constraint outbox_lease_pkey primary key (id),
      constraint outbox_lease_single_check check (id = 1)
    ) with (fillfactor = 50)
  `.execute(db)
}
