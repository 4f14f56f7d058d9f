import type { Role } from '@rollcall/contracts/roles'

/** What a service knows of a user, from `user.snapshot`. */
interface KnownUsersTable {
  id: string
  sequence: number
  nickname: string
  role: Role
  professional: boolean
  operator: boolean
  locked: boolean
  /** The account is gone; the row stays so that a late message does not bring it back. */
  erased: boolean
}

/** Sessions whose tokens count no longer, kept until those would have ended by themselves. */
interface EndedSessionsTable {
  session_id: string
  expires_at: Date
}

export interface AccessTables {
  known_users: KnownUsersTable
  ended_sessions: EndedSessionsTable
}
