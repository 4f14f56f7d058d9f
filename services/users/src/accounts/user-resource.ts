import { roleSchema } from '@rollcall/contracts/roles'
import { z } from 'zod'
import { accountActions } from './account-actions.ts'
import type { User } from './tables.ts'

const Link = z.object({ href: z.string() })

/** A user as their owner and staff see them. */
export const UserSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    nickname: z.string(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    locale: z.string(),
    timeZone: z.string(),
    role: roleSchema,
    professional: z.boolean(),
    operator: z.boolean(),
    emailVerified: z.boolean(),
    locked: z.boolean(),
    lastLoginAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    _links: z.record(z.string(), Link).describe('What this caller may do now'),
  })
  .meta({ id: 'User' })

export type UserResource = z.infer<typeof UserSchema>

export function toUserResource(user: User, viewer: Viewer): UserResource {
  return {
    id: user.id,
    email: user.email,
    nickname: user.nickname,
    firstName: user.first_name,
    lastName: user.last_name,
    locale: user.locale,
    timeZone: user.time_zone,
    role: user.role,
    professional: user.professional,
    operator: user.operator,
    emailVerified: user.email_verified,
    locked: user.locked,
    lastLoginAt: user.last_login_at?.toISOString() ?? null,
    createdAt: user.created_at.toISOString(),
    updatedAt: user.updated_at.toISOString(),
    _links: linksFor(user, viewer),
  }
}

/** Who looks at an account: nobody who has signed in, its owner, or an admin. */
export type Viewer = { kind: 'signed-out' } | { kind: 'owner' } | { kind: 'admin'; id: string }

/** What the viewer may do now, as the table of actions says. */
function linksFor(user: User, viewer: Viewer): UserResource['_links'] {
  if (viewer.kind === 'owner') return { self: { href: '/auth/me' }, logout: { href: '/auth/logout' } }
  if (viewer.kind === 'admin') {
    const mayChange = accountActions.changeRole.allowed(user, viewer.id)
    return mayChange ? { 'change-role': { href: `/users/${user.id}/role` } } : {}
  }
  const mayAsk = accountActions.requestVerification.allowed(user)
  return {
    login: { href: '/auth/login' },
    ...(mayAsk ? { 'resend-verification': { href: '/auth/resend-verification' } } : {}),
  }
}
