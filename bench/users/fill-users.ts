import { createProgress } from '@rollcall/engines/progress'
import { type Kysely, sql } from 'kysely'
import type { UsersDatabase } from '../../services/users/src/database/tables.ts'

export const USERS = 1_000_000
const CHUNK = 50_000

const progress = createProgress((text) => process.stderr.write(text))

/**
 * Fills the table with people of all kinds: one in ten never signed in, one in ten unverified as staff have made them, one
 * in a thousand a manager, locked or a professional. Gives the seconds that it took.
 */
export async function fillUsers(db: Kysely<UsersDatabase>): Promise<number> {
  const began = performance.now()
  for (let from = 1; from <= USERS; from += CHUNK) {
    const to = from + CHUNK - 1
    await progress.step(`users ${from} to ${to} of ${USERS}`, () => insert(db, from, to))
  }
  await progress.step('vacuum and analyze', () => sql`vacuum analyze users`.execute(db))
  return (performance.now() - began) / 1000
}

function insert(db: Kysely<UsersDatabase>, from: number, to: number) {
  // A mix that looks random and is the same each time.
  return sql`
    insert into users (id, email, email_key, nickname, first_name, last_name, locale, time_zone, role, professional,
      email_verified, locked, password_hash, last_login_at, created_at, updated_at)
    select gen_random_uuid(), 'person' || i || '@example.org', 'person' || i || '@example.org', 'nick-' || i,
      (array['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Zoë', 'Niklaus'])[1 + i % 7],
      'of ' || md5(i::text), 'en', 'UTC',
      case when i % 1000 = 7 then 'manager' when i % 10 = 3 then 'anonymous' when i % 100 = 11 then 'organizer'
        else 'authenticated' end,
      i % 1000 = 13, i % 10 <> 3, i % 1000 = 17, case when i % 10 <> 3 then 'x' end,
      case when i % 10 = 5 then null else timestamptz '2026-01-01Z' + make_interval(secs => (i * 7919) % 20000000) end,
      timestamptz '2024-01-01Z' + make_interval(secs => (i * 104729) % 60000000), now()
    from generate_series(${from}::bigint, ${to}::bigint) as i`.execute(db)
}
