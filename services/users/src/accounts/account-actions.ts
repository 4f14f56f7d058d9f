import type { FactDefinition } from '@rollcall/contracts/define'
import { isBelow } from '@rollcall/contracts/roles'
import {
  AccountLocked,
  AccountUnlocked,
  EmailChanged,
  EmailChangeRequested,
  EmailVerificationRequested,
  OperatorGranted,
  OperatorWithdrawn,
  PasswordChanged,
  PasswordResetRequested,
  ProfessionalDeclined,
  ProfessionalGranted,
  ProfessionalRequested,
  ProfessionalWithdrawn,
  RoleChanged,
  SessionRevoked,
  SignupAttempted,
  UserDeleted,
  UserLoggedIn,
  UserUpdated,
  UserVerified,
} from '@rollcall/contracts/users'
import type { User } from './tables.ts'

/**
 * Who does something to an account: nobody who has signed in, whoever holds what was mailed, its owner, staff, or a rule
 * without anybody asking.
 */
export type Actor = { kind: 'anybody' | 'link' | 'owner' | 'system' } | Staff

export interface Staff {
  kind: 'manager' | 'admin'
  id: string
}

interface AccountAction {
  who: readonly Actor['kind'][]
  /** The accounts that it may happen to, beside that managers reach those below them only, and nobody an erased one. */
  allowed(user: User, by: Actor): boolean
  /** What always becomes of such an account. */
  change?(user: User): Partial<User>
  /** Whether people see it as an edit of the account, by `updatedAt` and the `ETag`. */
  edits: boolean
  fact: FactDefinition
  /** How whoever may do it finds it in `_links`; missing for what nobody asks for by a link. */
  link?: { rel: string; href(user: User, by: Actor): string }
}

const staff = ['manager', 'admin'] as const
const isOther = (user: User, by: Actor) => !('id' in by) || by.id !== user.id
/** Guesses at a password count anew. */
export const notLockedOut = { failed_logins: 0, lockouts: 0, locked_until: null } as const
const resource = ({ id }: User, by: Actor) => (by.kind === 'owner' ? '/me' : `/users/${id}`)

/**
 * What may happen to an account: by whom, to which, what becomes of it, and the fact that tells of it. `changeUser` writes
 * by it, use cases refuse by it, and links offer only what it allows.
 */
export const accountActions = {
  noteSignUpAttempt: {
    who: ['anybody'],
    allowed: ({ locked }) => !locked,
    edits: false,
    fact: SignupAttempted,
  },
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
  update: {
    who: ['owner', ...staff],
    allowed: () => true,
    edits: true,
    fact: UserUpdated,
    link: { rel: 'update', href: resource },
  },
  requestEmailChange: {
    who: ['owner', ...staff],
    allowed: (user) => user.email_verified,
    edits: true,
    fact: EmailChangeRequested,
    link: { rel: 'change-email', href: (user, by) => (by.kind === 'owner' ? '/me/email' : resource(user, by)) },
  },
  changeEmail: {
    who: ['link'],
    allowed: (user) => user.pending_email !== null && !user.locked,
    edits: true,
    fact: EmailChanged,
  },
  requestPasswordReset: {
    who: ['anybody'],
    allowed: (user) => !user.locked,
    edits: false,
    fact: PasswordResetRequested,
  },
  changePassword: {
    who: ['owner'],
    allowed: () => true,
    edits: true,
    fact: PasswordChanged,
    link: { rel: 'change-password', href: () => '/me/password' },
  },
  resetPassword: {
    who: ['link'],
    allowed: (user) => !user.locked,
    edits: true,
    fact: PasswordChanged,
  },
  lockOut: {
    who: ['system'],
    allowed: () => true,
    edits: false,
    fact: AccountLocked,
  },
  endLockout: {
    who: ['link'],
    allowed: (user) => !user.locked && user.locked_until !== null,
    change: () => notLockedOut,
    edits: false,
    fact: AccountUnlocked,
  },
  lock: {
    who: staff,
    allowed: (user, by) => !user.locked && isOther(user, by),
    change: () => ({ locked: true }),
    edits: true,
    fact: AccountLocked,
    link: { rel: 'lock', href: ({ id }) => `/users/${id}/lock` },
  },
  unlock: {
    who: staff,
    allowed: (user, by) => (user.locked || user.locked_until !== null) && isOther(user, by),
    change: () => ({ locked: false, ...notLockedOut }),
    edits: true,
    fact: AccountUnlocked,
    link: { rel: 'unlock', href: ({ id }) => `/users/${id}/unlock` },
  },
  changeRole: {
    who: ['admin'],
    /** Nobody changes their own role, so that an admin always stays. */
    allowed: isOther,
    edits: true,
    fact: RoleChanged,
    link: { rel: 'change-role', href: ({ id }) => `/users/${id}/role` },
  },
  grantOperator: {
    who: ['admin'],
    allowed: (user) => !user.operator,
    change: () => ({ operator: true }),
    edits: true,
    fact: OperatorGranted,
    link: { rel: 'operator', href: ({ id }) => `/users/${id}/operator` },
  },
  withdrawOperator: {
    who: ['admin'],
    allowed: (user) => user.operator,
    change: () => ({ operator: false }),
    edits: true,
    fact: OperatorWithdrawn,
    link: { rel: 'operator', href: ({ id }) => `/users/${id}/operator` },
  },
  requestProfessional: {
    who: ['owner'],
    allowed: (user) => !user.professional && user.email_verified,
    edits: false,
    fact: ProfessionalRequested,
    link: { rel: 'request-professional', href: () => '/me/professional-request' },
  },
  grantProfessional: {
    who: staff,
    allowed: (user, by) => !user.professional && isOther(user, by),
    change: () => ({ professional: true }),
    edits: true,
    fact: ProfessionalGranted,
    link: { rel: 'grant-professional', href: ({ id }) => `/users/${id}/professional` },
  },
  withdrawProfessional: {
    who: staff,
    allowed: (user, by) => user.professional && isOther(user, by),
    change: () => ({ professional: false, professional_since: null }),
    edits: true,
    fact: ProfessionalWithdrawn,
    link: { rel: 'withdraw-professional', href: ({ id }) => `/users/${id}/professional` },
  },
  declineProfessional: {
    who: staff,
    allowed: (user, by) => !user.professional && isOther(user, by),
    edits: false,
    fact: ProfessionalDeclined,
  },
  /** The last admin stays: whoever erases has locked all admins and counted them. */
  erase: {
    who: ['owner', 'system', ...staff],
    allowed: isOther,
    edits: true,
    fact: UserDeleted,
    link: { rel: 'delete', href: resource },
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
  return user.erased_at === null && who.includes(by.kind) && isInReach(user, by) && allowed(user, by)
}

/** Managers reach those whose role is below theirs; what they don't reach is not there for them. */
export function isInReach(user: User, by: Actor): boolean {
  return by.kind !== 'manager' || isBelow(user.role, 'manager')
}

/** What somebody may do to the account now, by the names of the links. */
export function actionLinks(user: User, by: Actor): Record<string, { href: string }> {
  const names = Object.keys(accountActions) as ActionName[]
  const offered = names.flatMap((name) => {
    const { link } = actionOf(name)
    return link && mayAct(name, user, by) ? [[link.rel, { href: link.href(user, by) }]] : []
  })
  return Object.fromEntries(offered)
}
