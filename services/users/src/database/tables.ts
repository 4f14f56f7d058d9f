import type { Role } from '@rollcall/contracts/roles'
import type { IdempotencyTables } from '@rollcall/outbox/idempotency'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { Generated, Selectable } from 'kysely'

export interface UsersTable {
  id: string
  /** Raised by every fact about the user; messages carry it as their sequence. */
  version: Generated<number>
  email: string
  /** What makes two addresses the same: lower case, domain in ASCII form. */
  email_key: string
  nickname: string
  first_name: string | null
  last_name: string | null
  locale: string
  time_zone: string
  role: Role
  professional: Generated<boolean>
  operator: Generated<boolean>
  email_verified: Generated<boolean>
  locked: Generated<boolean>
  password_hash: string
  last_login_at: Date | null
  created_at: Date
  updated_at: Date
}

export type LinkPurpose = 'verify-email'

interface LinkTokensTable {
  /** SHA-256 of the token: whoever reads this table holds no link. */
  token_hash: Buffer
  user_id: string
  purpose: LinkPurpose
  /** The address that the link was mailed to; the link is void once the account has another. */
  email_key: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

/** Mails with a link that somebody asked for, so that they can be limited per mailbox. */
interface LinkMailsTable {
  user_id: string
  requested_at: Date
}

interface SessionsTable {
  id: string
  user_id: string
  created_at: Date
  expires_at: Date
  ended_at: Date | null
  end_reason: 'reuse' | 'sign-out' | null
}

interface RefreshTokensTable {
  token_hash: Buffer
  session_id: string
  created_at: Date
  replaced_at: Date | null
}

interface SigningKeysTable {
  kid: string
  /** Public JWK as JSON text. */
  public_jwk: string
  /** Private JWK as JWE: of use only together with KEY_ENCRYPTION_KEY. */
  sealed_private_jwk: string
  created_at: Date
}

/** Holds one row at most: who signed up first. */
interface FirstAccountTable {
  singleton: Generated<boolean>
  user_id: string
}

export interface UsersDatabase extends OutboxTables, IdempotencyTables {
  users: UsersTable
  link_tokens: LinkTokensTable
  link_mails: LinkMailsTable
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
  signing_keys: SigningKeysTable
  first_account: FirstAccountTable
}

export type User = Selectable<UsersTable>
