import type { DataOf } from '@rollcall/contracts/define'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { UserSnapshot } from '@rollcall/contracts/users'
import { DomainError } from '@rollcall/http/errors'
import type { User } from '../database/tables.ts'

/**
 * What each action does to an account. Use cases apply it, links offer only what it allows.
 * A missing `role` leaves the role as it is.
 */
export const accountActions = {
  /** Lifts `anonymous`, and touches no other role: an admin who verifies stays an admin. */
  verify: {
    allowed: (user: Pick<User, 'email_verified' | 'locked'>) => !user.email_verified && !user.locked,
    change: ({ role }: Pick<User, 'role'>) => ({
      email_verified: true,
      role: role === 'anonymous' ? ('authenticated' as const) : role,
    }),
  },
  signIn: {
    allowed: (user: Pick<User, 'email_verified' | 'locked'>) => user.email_verified && !user.locked,
  },
  changeRole: {
    allowed: (user: Pick<User, 'id'>, actorId: string) => user.id !== actorId,
  },
} as const

export class OwnRole extends DomainError {
  constructor() {
    super('OwnRole', 'nobody changes their own role')
  }
}

type SnapshotData = DataOf<typeof UserSnapshot>

/** The user's present state for other services, with the version that the last fact raised. */
export function userSnapshot(user: User, at: Date): OutgoingMessage {
  const data: SnapshotData = {
    userId: user.id,
    nickname: user.nickname,
    email: user.email,
    firstName: user.first_name,
    lastName: user.last_name,
    locale: user.locale,
    timeZone: user.time_zone,
    role: user.role,
    professional: user.professional,
    operator: user.operator,
    emailVerified: user.email_verified,
    locked: user.locked,
  }
  return message(UserSnapshot, { data, sequence: user.version, at })
}
