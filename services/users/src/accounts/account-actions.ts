import type { FactDefinition } from '@rollcall/contracts/define'
import {
  EmailVerificationRequested,
  RoleChanged,
  SessionRevoked,
  UserLoggedIn,
  UserVerified,
} from '@rollcall/contracts/users'
import type { User } from './tables.ts'

/**
 * Who does something to an account: nobody who has signed in, whoever holds what was mailed, its owner, an admin, or a
 * rule without anybody asking.
 */
export type Actor = { kind: 'anybody' | 'link' | 'owner' | 'system' } | { kind: 'admin'; id: string }

interface AccountAction {
  who: readonly Actor['kind'][]
  /** The accounts that it may happen to. */
  allowed(user: User, by: Actor): boolean
  /** What always becomes of such an account. */
  change?(user: User): Partial<User>
  /** Whether people see it as an edit of the account, by `updatedAt`. */
  edits: boolean
  fact: FactDefinition
  /** How whoever may do it finds it in `_links`; missing for what nobody asks for by a link. */
  link?: { rel: string; href(user: User): string }
}

/**
 * What may happen to an account: by whom, to which, what becomes of it, and the fact that tells of it. `changeUser` writes
 * by it, use cases refuse by it, and links offer only what it allows.
 */
export const accountActions = {
  requestVerification: {
    who: ['anybody'],
    allowed: (user) => !user.email_verified && !user.locked,
    edits: true,
    fact: EmailVerificationRequested,
    link: { rel: 'resend-verification', href: () => '/auth/resend-verification' },
  },
  verify: {
    who: ['link'],
    allowed: (user) => !user.email_verified && !user.locked,
    /** Lifts `anonymous`, and touches no other role: an admin who verifies stays an admin. */
    change: ({ role }) => ({ email_verified: true, role: role === 'anonymous' ? 'authenticated' : role }),
    edits: true,
    fact: UserVerified,
  },
  /** Whose password is right is the owner; until then it is anybody. */
  signIn: {
    who: ['anybody'],
    allowed: (user) => user.email_verified && !user.locked,
    edits: false,
    fact: UserLoggedIn,
    link: { rel: 'login', href: () => '/auth/login' },
  },
  endSession: {
    who: ['owner', 'system'],
    allowed: () => true,
    edits: false,
    fact: SessionRevoked,
    link: { rel: 'logout', href: () => '/auth/logout' },
  },
  changeRole: {
    who: ['admin'],
    /** Nobody changes their own role, so that an admin always stays. */
    allowed: (user, by) => by.kind === 'admin' && by.id !== user.id,
    edits: true,
    fact: RoleChanged,
    link: { rel: 'change-role', href: ({ id }) => `/users/${id}/role` },
  },
} as const satisfies Record<string, AccountAction>

export type ActionName = keyof typeof accountActions

/** The same, where its name is not known. */
export function actionOf(name: ActionName): AccountAction {
  return accountActions[name]
}

/** Whether somebody may do this to the account as it is now. */
export function mayAct(name: ActionName, user: User, by: Actor): boolean {
  const { who, allowed } = actionOf(name)
  return who.includes(by.kind) && allowed(user, by)
}

/** What somebody may do to the account now, by the names of the links. */
export function actionLinks(user: User, by: Actor): Record<string, { href: string }> {
  const names = Object.keys(accountActions) as ActionName[]
  const offered = names.flatMap((name) => {
    const { link } = actionOf(name)
    return link && mayAct(name, user, by) ? [[link.rel, { href: link.href(user) }]] : []
  })
  return Object.fromEntries(offered)
}
