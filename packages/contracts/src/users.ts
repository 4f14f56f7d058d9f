import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineFact, defineSnapshot } from './define.ts'
import { code, id, sealed, time } from './fields.ts'
import { roleSchema } from './roles.ts'

const user = { version: 1, aggregate: 'user', source: '/users' } as const
const byUser = (data: { userId: string }) => data.userId

/** What other services need to know about a person. */
export const UserSnapshot = defineSnapshot({
  ...user,
  key: byUser,
  data: z.strictObject({
    userId: id,
    nickname: z.string(),
    email: z.string(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    locale: z.string(),
    timeZone: z.string(),
    role: roleSchema,
    professional: z.boolean(),
    operator: z.boolean(),
    emailVerified: z.boolean(),
    locked: z.boolean(),
  }),
})

/** What `sealed` holds where an address is to be verified. */
export const VerificationLink = z.object({ verifyUrl: z.url(), expiresAt: time })
export type VerificationLink = z.infer<typeof VerificationLink>

/** What `sealed` holds where a mail has a link to follow. */
export const MailedLink = z.object({ url: z.url(), expiresAt: time })
export type MailedLink = z.infer<typeof MailedLink>

/**
 * Made by whom: `sign-up` where it is missing. `sealed` is a {@link VerificationLink} after a sign-up, a {@link MailedLink} to
 * choose a password where `staff` has made the account, and missing where nothing has to be verified.
 */
export const UserRegistered = defineFact({
  ...user,
  type: 'user.registered',
  key: byUser,
  data: z.strictObject({
    userId: id,
    madeBy: z.enum(['sign-up', 'staff', 'command']).optional(),
    actorId: id.optional(),
    sealed: sealed.optional(),
  }),
})

/** Somebody signed up with the address of this account; its owner is told. */
export const SignupAttempted = defineFact({
  ...user,
  type: 'signup.attempted',
  key: byUser,
  data: z.strictObject({ userId: id }),
})

export const UserVerified = defineFact({
  ...user,
  type: 'user.verified',
  key: byUser,
  data: z.strictObject({ userId: id }),
})

/** What people say of themselves, by its names in answers. */
const profileMembers = [
  'nickname',
  'firstName',
  'lastName',
  'bio',
  'location',
  'githubUrl',
  'linkedinUrl',
  'additional',
  'publicFields',
  'locale',
  'timeZone',
] as const

/** Members of the profile that have another value now; the snapshot has those that other services need. */
export const UserUpdated = defineFact({
  ...user,
  type: 'user.updated',
  key: byUser,
  data: z.strictObject({ userId: id, actorId: id, fields: z.array(z.enum(profileMembers)) }),
})

/** Erased: its personal data is gone, and its snapshot is a tombstone. */
export const UserDeleted = defineFact({
  ...user,
  type: 'user.deleted',
  key: byUser,
  data: z.strictObject({ userId: id, actorId: id.optional() }),
})

export const UserLoggedIn = defineFact({
  ...user,
  type: 'user.logged_in',
  key: byUser,
  data: z.strictObject({ userId: id, sessionId: id }),
})

/** `sealed` holds a new {@link VerificationLink}; the one before it is void. */
export const EmailVerificationRequested = defineFact({
  ...user,
  type: 'email.verification_requested',
  key: byUser,
  data: z.strictObject({ userId: id, sealed }),
})

/** What `sealed` holds for an address that is no account's yet: the mail goes to it. */
export const ConfirmationLink = MailedLink.extend({ email: z.string() })
export type ConfirmationLink = z.infer<typeof ConfirmationLink>

/** Another address waits for its confirmation. `sealed` is a {@link ConfirmationLink}. */
export const EmailChangeRequested = defineFact({
  ...user,
  type: 'email.change_requested',
  key: byUser,
  data: z.strictObject({ userId: id, actorId: id, sealed }),
})

/** What `sealed` holds where an address counts no longer: the notice goes to it. */
export const FormerAddress = z.object({ email: z.string() })
export type FormerAddress = z.infer<typeof FormerAddress>

/** The new address is confirmed. `sealed` is the {@link FormerAddress}. */
export const EmailChanged = defineFact({
  ...user,
  type: 'email.changed',
  key: byUser,
  data: z.strictObject({ userId: id, sealed }),
})

/** `sealed` is a {@link MailedLink} to choose a new password. */
export const PasswordResetRequested = defineFact({
  ...user,
  type: 'password.reset_requested',
  key: byUser,
  data: z.strictObject({ userId: id, sealed }),
})

/** By its owner who knew the one before (`change`), by a mailed link (`reset`), or for the first time (`set`). */
export const PasswordChanged = defineFact({
  ...user,
  type: 'password.changed',
  key: byUser,
  data: z.strictObject({ userId: id, how: z.enum(['change', 'reset', 'set']) }),
})

/**
 * `failed-sign-ins`: no sign-in by password until `until`, while sessions go on; `sealed`, where a mail may go out, is a
 * {@link MailedLink} that ends it. `staff`: no way in at all until staff lift it.
 */
export const AccountLocked = defineFact({
  ...user,
  type: 'account.locked',
  key: byUser,
  data: z.strictObject({
    userId: id,
    cause: z.enum(['failed-sign-ins', 'staff']),
    until: time.optional(),
    actorId: id.optional(),
    sealed: sealed.optional(),
  }),
})

/** Which of the two locks has ended, and by whom: `link` or `staff`. */
export const AccountUnlocked = defineFact({
  ...user,
  type: 'account.unlocked',
  key: byUser,
  data: z.strictObject({
    userId: id,
    cause: z.enum(['failed-sign-ins', 'staff']),
    by: z.enum(['link', 'staff']),
    actorId: id.optional(),
  }),
})

const byActor = z.strictObject({ userId: id, actorId: id })

export const OperatorGranted = defineFact({ ...user, type: 'operator.granted', key: byUser, data: byActor })

export const OperatorWithdrawn = defineFact({ ...user, type: 'operator.withdrawn', key: byUser, data: byActor })

export const ProfessionalRequested = defineFact({
  ...user,
  type: 'professional.requested',
  key: byUser,
  data: z.strictObject({ userId: id, requestId: id }),
})

/** `requestId` is there where the person had asked. */
export const ProfessionalGranted = defineFact({
  ...user,
  type: 'professional.granted',
  key: byUser,
  data: z.strictObject({ userId: id, actorId: id, requestId: id.optional() }),
})

export const ProfessionalWithdrawn = defineFact({ ...user, type: 'professional.withdrawn', key: byUser, data: byActor })

/** `sealed`, a {@link StatedReason}, is there when the actor gave one. */
export const ProfessionalDeclined = defineFact({
  ...user,
  type: 'professional.declined',
  key: byUser,
  data: z.strictObject({ userId: id, actorId: id, requestId: id, sealed: sealed.optional() }),
})

/** What `sealed` holds where a person gave a reason in their own words. */
export const StatedReason = z.object({ reason: z.string() })

/** `sealed`, a {@link StatedReason}, is there when the actor gave one: free text may name people, so it is no open member. */
export const RoleChanged = defineFact({
  ...user,
  type: 'role.changed',
  key: byUser,
  data: z.strictObject({ userId: id, from: roleSchema, to: roleSchema, actorId: id, sealed: sealed.optional() }),
})

/** Tokens of the session count no longer. Matters until `expiresAt`, when the last of them would have ended by itself. */
export const SessionRevoked = defineFact({
  ...user,
  type: 'session.revoked',
  key: byUser,
  retention: days(30),
  data: z.strictObject({ sessionId: id, userId: id, expiresAt: time, reason: code }),
})

export const userMessages = [
  UserSnapshot,
  UserRegistered,
  SignupAttempted,
  UserVerified,
  UserUpdated,
  UserDeleted,
  UserLoggedIn,
  EmailVerificationRequested,
  EmailChangeRequested,
  EmailChanged,
  PasswordResetRequested,
  PasswordChanged,
  AccountLocked,
  AccountUnlocked,
  RoleChanged,
  OperatorGranted,
  OperatorWithdrawn,
  ProfessionalRequested,
  ProfessionalGranted,
  ProfessionalWithdrawn,
  ProfessionalDeclined,
  SessionRevoked,
] as const
