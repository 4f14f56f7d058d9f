import { type Kysely, sql } from 'kysely'

/**
 * The audit log: rows are added and never changed, which privileges and a trigger both hold. What may name people lies
 * beside it, so that it can be erased while the chain of the log still verifies.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_head (
      singleton boolean primary key default true check (singleton),
      position bigint not null,
      hash bytea not null
    )`.execute(db)
  await sql`insert into audit_head (position, hash) values (0, '\\x')`.execute(db)
  await sql`
    create table audit_log (
      position bigint primary key,
      id uuid not null unique,
      at timestamptz not null,
      actor_kind text not null,
      actor_id uuid,
      action text not null,
      target_type text not null,
      target_id text not null,
      trace_id text,
      source_id uuid unique,
      commitment bytea not null,
      previous_hash bytea not null,
      hash bytea not null
    )`.execute(db)
  await sql`create index audit_log_target_id_idx on audit_log (target_id, position)`.execute(db)
  await sql`create index audit_log_actor_id_idx on audit_log (actor_id, position)`.execute(db)
  await sql`create index audit_log_action_idx on audit_log (action, position)`.execute(db)
  await sql`create index audit_log_at_idx on audit_log (at, position)`.execute(db)
  await sql`
    create table audit_details (
      position bigint primary key,
      salt bytea not null,
      details text not null
    )`.execute(db)

  await sql`
    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is only ever added to'; end $$`.execute(db)
  await sql`
    create trigger audit_log_is_append_only before update or delete on audit_log
    for each row execute function refuse_audit_change()`.execute(db)
  await sql`
    create trigger audit_log_is_not_truncated before truncate on audit_log
    for each statement execute function refuse_audit_change()`.execute(db)
  // Also from the owner of the table, who is the service itself.
  await sql`revoke update, delete, truncate on audit_log from public, current_user`.execute(db)
}
