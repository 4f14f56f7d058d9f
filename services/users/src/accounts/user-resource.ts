import { roleSchema } from '@rollcall/contracts/roles'
import { z } from 'zod'
import { type Actor, actionLinks } from './account-actions.ts'
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

/** @param viewer who looks at the account: it decides what the links offer */
export function toUserResource(user: User, viewer: Actor): UserResource {
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
    _links: { ...(viewer.kind === 'owner' ? { self: { href: '/auth/me' } } : {}), ...actionLinks(user, viewer) },
  }
}
