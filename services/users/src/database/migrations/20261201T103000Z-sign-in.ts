import { type Kysely, sql } from 'kysely'

/** Where sessions are used from, and guesses at passwords that no account counts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table sessions
      add column address text,
      add column device text,
      add column last_used_at timestamptz`.execute(db)
  await sql`update sessions set last_used_at = created_at`.execute(db)
  await sql`alter table sessions alter column last_used_at set not null, alter column last_used_at set default now()`.execute(
    db,
  )

  const counters = sql.raw(`
    failed_logins int not null default 0,
    lockouts int not null default 0,
    locked_until timestamptz,
    guesses_pending int not null default 0,
    guesses_pending_since timestamptz`)
  await sql`
    create table stranger_guesses (
      id uuid primary key,
      touched_at timestamptz not null,
      ${counters}
    )`.execute(db)
  await sql`create index stranger_guesses_touched_at_idx on stranger_guesses (touched_at)`.execute(db)
  await sql`
    create table trusted_browsers (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      token_hash bytea not null unique,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      ${counters}
    )`.execute(db)
  await sql`create index trusted_browsers_user_id_idx on trusted_browsers (user_id)`.execute(db)

  // What has had its time is looked for hourly.
  await sql`create index link_tokens_expires_at_idx on link_tokens (expires_at)`.execute(db)
  await sql`create index sessions_expires_at_idx on sessions (expires_at)`.execute(db)
  await sql`create index sessions_ended_at_idx on sessions (ended_at) where ended_at is not null`.execute(db)
  await sql`create index trusted_browsers_expires_at_idx on trusted_browsers (expires_at)`.execute(db)
  await sql`create index users_unverified_idx on users (created_at) where not email_verified`.execute(db)
}
