import type { Generated } from 'kysely'

/** Why a session has ended; other services are told the same. */
export type SessionEnd = 'reuse' | 'sign-out' | 'password-changed' | 'locked' | 'erased'

interface SessionsTable {
  id: string
  user_id: string
  created_at: Date
  /** Absolute: however often it is refreshed. */
  expires_at: Date
  /** When it was opened or refreshed last: unused for too long it ends as well. */
  last_used_at: Generated<Date>
  /** Where it was used from last. */
  address: Generated<string | null>
  /** What the client calls itself. */
  device: Generated<string | null>
  ended_at: Date | null
  end_reason: SessionEnd | null
}

interface RefreshTokensTable {
  token_hash: Buffer
  session_id: string
  created_at: Date
  replaced_at: Date | null
}

export interface SessionTables {
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
}
