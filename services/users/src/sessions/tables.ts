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

export interface SessionTables {
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
}
