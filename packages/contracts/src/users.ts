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

/** `sealed`, a {@link VerificationLink}, is missing where nothing has to be verified. */
export const UserRegistered = defineFact({
  ...user,
  type: 'user.registered',
  key: byUser,
  data: z.strictObject({ userId: id, sealed: sealed.optional() }),
})

export const UserVerified = defineFact({
  ...user,
  type: 'user.verified',
  key: byUser,
  data: z.strictObject({ userId: id }),
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
  UserVerified,
  UserLoggedIn,
  EmailVerificationRequested,
  RoleChanged,
  SessionRevoked,
] as const
