import type { Generated } from 'kysely'

interface GuessCounters {
  failed_logins: Generated<number>
  lockouts: Generated<number>
  locked_until: Generated<Date | null>
  guesses_pending: Generated<number>
  guesses_pending_since: Generated<Date | null>
}

/** Guesses at addresses that nobody has are counted as others are, so that no answer and no time tells which exist. */
interface StrangerGuessesTable extends GuessCounters {
  /** Derived from the address, which is not stored. */
  id: string
  touched_at: Date
}

/** Browsers in which an unlock link was used: what others guess does not keep them out. */
interface TrustedBrowsersTable extends GuessCounters {
  id: string
  user_id: string
  /** SHA-256 of what the browser's cookie holds. */
  token_hash: Buffer
  created_at: Date
  expires_at: Date
}

export interface LockoutTables {
  stranger_guesses: StrangerGuessesTable
  trusted_browsers: TrustedBrowsersTable
}
