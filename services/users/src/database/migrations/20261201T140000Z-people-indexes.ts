import { type Kysely, sql } from 'kysely'

/**
 * No list has those who are erased: without them in its indexes, a list that is counted by an index alone never looks at
 * the table. The last sign-in is in its index once as what is sorted by, and once as itself, as only then that holds there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index users_created_at_idx, users_last_login_at_idx, users_nickname_idx, users_email_idx, users_role_idx,
      users_locked_idx, users_professional_idx, users_unverified_idx`.execute(db)
  await sql`create index users_created_at_idx on users (created_at, id) where erased_at is null`.execute(db)
  await sql`
    create index users_last_login_at_idx on users
      ((coalesce(last_login_at, timestamptz '0001-01-01T00:00:00Z')), id) include (last_login_at)
      where erased_at is null`.execute(db)
  await sql`create index users_nickname_idx on users (lower(nickname), id) where erased_at is null`.execute(db)
  await sql`create index users_email_idx on users (email_key, id) where erased_at is null`.execute(db)
  await sql`create index users_role_idx on users (role, created_at, id) where erased_at is null`.execute(db)
  await sql`create index users_locked_idx on users (created_at, id) where locked and erased_at is null`.execute(db)
  await sql`
    create index users_professional_idx on users (created_at, id) where professional and erased_at is null`.execute(db)
  await sql`
    create index users_verified_idx on users (created_at, id) where email_verified and erased_at is null`.execute(db)
  await sql`
    create index users_unverified_idx on users (created_at, id)
      where not email_verified and erased_at is null`.execute(db)
}
