import type { FactDefinition } from '@rollcall/contracts/define'
import {
  EmailVerificationRequested,
  RoleChanged,
  SessionRevoked,
  UserLoggedIn,
  UserVerified,
} from '@rollcall/contracts/users'
import type { User } from './tables.ts'

interface AccountAction {
  /** `link`: whoever holds what was mailed. `system`: a rule, without anybody asking. */
  who: readonly ('anybody' | 'link' | 'owner' | 'admin' | 'system')[]
  /** The accounts that it may happen to. */
  allowed(user: User, actorId?: string): boolean
  /** What always becomes of such an account. */
  change?(user: User): Partial<User>
  /** Whether people see it as an edit of the account, by `updatedAt`. */
  edits: boolean
  fact: FactDefinition
}

/**
 * What may happen to an account: to which, by whom, what becomes of it, and the fact that tells of it. `changeUser` writes
 * by it, use cases refuse by it, and links offer only what it allows.
 */
export const accountActions = {
  requestVerification: {
    who: ['anybody'],
    allowed: (user) => !user.email_verified && !user.locked,
    edits: true,
    fact: EmailVerificationRequested,
  },
  verify: {
    who: ['link'],
    allowed: (user) => !user.email_verified && !user.locked,
    /** Lifts `anonymous`, and touches no other role: an admin who verifies stays an admin. */
    change: ({ role }) => ({ email_verified: true, role: role === 'anonymous' ? 'authenticated' : role }),
    edits: true,
    fact: UserVerified,
  },
  signIn: {
    who: ['owner'],
    allowed: (user) => user.email_verified && !user.locked,
    edits: false,
    fact: UserLoggedIn,
  },
  endSession: {
    who: ['owner', 'system'],
    allowed: () => true,
    edits: false,
    fact: SessionRevoked,
  },
  changeRole: {
    who: ['admin'],
    allowed: (user, actorId) => user.id !== actorId,
    edits: true,
    fact: RoleChanged,
  },
} as const satisfies Record<string, AccountAction>

export type ActionName = keyof typeof accountActions

/** The same, where its name is not known. */
export function actionOf(name: ActionName): AccountAction {
  return accountActions[name]
}
