import type { Role } from '@rollcall/contracts/roles'

/** Who calls, as far as permissions care. */
export interface Caller {
  id: string
  sessionId: string
  role: Role
  professional: boolean
  operator: boolean
}

/** What a service knows about a user by its own database. */
export interface CallerRecord {
  /** The user's version that this knowledge comes from. */
  sequence: number
  role: Role
  professional: boolean
  operator: boolean
  /** Locked by staff or erased: no token of theirs counts. */
  barred: boolean
}

export interface KnownCaller {
  user: CallerRecord | undefined
  sessionEnded: boolean
}
