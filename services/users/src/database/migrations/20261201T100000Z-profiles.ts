import { type Kysely, sql } from 'kysely'

/** Profiles, a pending address, guesses at passwords, and accounts that have no password yet or are erased. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table users
      alter column password_hash drop not null,
      add column edit bigint not null default 1,
      add column bio text,
      add column location text,
      add column github_url text,
      add column linkedin_url text,
      add column additional jsonb not null default '{}',
      add column public_fields text[] not null default '{}',
      add column professional_since timestamptz,
      add column pending_email text,
      add column pending_email_key text,
      add column failed_logins int not null default 0,
      add column lockouts int not null default 0,
      add column locked_until timestamptz,
      add column guesses_pending int not null default 0,
      add column guesses_pending_since timestamptz,
      add column erased_at timestamptz,
      add constraint users_professional_has_time check (professional or professional_since is null),
      add constraint users_pending_email_has_key check ((pending_email is null) = (pending_email_key is null)),
      add constraint users_erased_check check (
        erased_at is null
        or num_nonnulls(first_name, last_name, bio, location, github_url, linkedin_url, pending_email, password_hash) = 0
      )
  `.execute(db)
}
