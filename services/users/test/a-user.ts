import { newId } from '@rollcall/runtime/ids'
import type { Insertable } from 'kysely'
import type { User, UsersTable } from '../src/accounts/tables.ts'

/** Somebody verified; tests say only what they are about. */
export function aUser(changes: Partial<User> = {}): User {
  const at = new Date('2027-01-01T10:00:00Z')
  const row: Insertable<UsersTable> = {
    id: newId(),
    version: 1,
    edit: 1,
    email: 'ada@example.org',
    email_key: 'ada@example.org',
    nickname: 'clever-panda-4711',
    first_name: 'Ada',
    last_name: null,
    bio: null,
    location: null,
    github_url: null,
    linkedin_url: null,
    additional: {},
    public_fields: [],
    locale: 'en',
    time_zone: 'UTC',
    role: 'authenticated',
    professional: false,
    professional_since: null,
    operator: false,
    email_verified: true,
    locked: false,
    password_hash: 'v1$2b$04$x',
    pending_email: null,
    pending_email_key: null,
    failed_logins: 0,
    lockouts: 0,
    locked_until: null,
    guesses_pending: 0,
    guesses_pending_since: null,
    last_login_at: null,
    erased_at: null,
    created_at: at,
    updated_at: at,
  }
  return { ...(row as User), ...changes }
}
