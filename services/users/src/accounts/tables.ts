import type { Role } from '@rollcall/contracts/roles'
import { columnsOf } from '@rollcall/database/columns'
import type { Generated, Selectable } from 'kysely'

/** Parts of a profile that somebody may show to everybody, by their names in answers. */
export const publicFieldNames = [
  'firstName',
  'lastName',
  'bio',
  'location',
  'githubUrl',
  'linkedinUrl',
  'additional',
] as const

export type PublicFieldName = (typeof publicFieldNames)[number]

/** Values of fields that a person has added to their profile, by name. */
export type AdditionalFields = Record<string, string | number | boolean>

export interface UsersTable {
  id: string
  /** Raised by every fact about the user; messages carry it as their sequence. */
  version: Generated<number>
  /** Raised by what people see as an edit; `If-Match` compares it. */
  edit: Generated<number>
  /** As it is answered and mailed to: the domain in ASCII form. */
  email: string
  /** What makes two addresses the same: all in lower case. */
  email_key: string
  nickname: string
  first_name: string | null
  last_name: string | null
  bio: Generated<string | null>
  location: Generated<string | null>
  github_url: Generated<string | null>
  linkedin_url: Generated<string | null>
  /** Fields of the person's own. */
  additional: Generated<AdditionalFields>
  public_fields: Generated<PublicFieldName[]>
  locale: string
  time_zone: string
  role: Role
  professional: Generated<boolean>
  professional_since: Generated<Date | null>
  operator: Generated<boolean>
  email_verified: Generated<boolean>
  /** By staff; no way in. */
  locked: Generated<boolean>
  /** Missing until somebody made by staff has set one, and once erased. */
  password_hash: string | null
  /** An address that waits to be confirmed. */
  pending_email: Generated<string | null>
  pending_email_key: Generated<string | null>
  /** Wrong passwords in a row, see `lockouts`. */
  failed_logins: Generated<number>
  /** How often in a row that has ended in a lockout: each lasts longer than the one before. */
  lockouts: Generated<number>
  locked_until: Generated<Date | null>
  /** Guesses that are being compared, and since when there have been any. */
  guesses_pending: Generated<number>
  guesses_pending_since: Generated<Date | null>
  last_login_at: Date | null
  /** The person is gone; the row stays, so that what they did keeps its actor. */
  erased_at: Generated<Date | null>
  created_at: Date
  updated_at: Date
}

/** Holds one row at most: who signed up first. */
interface FirstAccountTable {
  singleton: Generated<boolean>
  user_id: string
}

export interface AccountTables {
  users: UsersTable
  first_account: FirstAccountTable
}

export type User = Selectable<UsersTable>

export const userColumns = columnsOf<User>({
  id: true,
  version: true,
  edit: true,
  email: true,
  email_key: true,
  nickname: true,
  first_name: true,
  last_name: true,
  bio: true,
  location: true,
  github_url: true,
  linkedin_url: true,
  additional: true,
  public_fields: true,
  locale: true,
  time_zone: true,
  role: true,
  professional: true,
  professional_since: true,
  operator: true,
  email_verified: true,
  locked: true,
  password_hash: true,
  pending_email: true,
  pending_email_key: true,
  failed_logins: true,
  lockouts: true,
  locked_until: true,
  guesses_pending: true,
  guesses_pending_since: true,
  last_login_at: true,
  erased_at: true,
  created_at: true,
  updated_at: true,
})
