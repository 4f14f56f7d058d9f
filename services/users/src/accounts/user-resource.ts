import { roleSchema } from '@rollcall/contracts/roles'
import { z } from 'zod'
import { type Actor, actionLinks } from './account-actions.ts'
import { AdditionalSchema } from './profile.ts'
import { publicFieldNames, type User } from './tables.ts'

const Link = z.object({ href: z.string() })
const moment = z.iso.datetime()

/** A user as their owner and staff see them. */
export const UserSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    pendingEmail: z.string().nullable().describe('Waits to be confirmed by the mailed link'),
    nickname: z.string(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    bio: z.string().nullable(),
    location: z.string().nullable(),
    githubUrl: z.string().nullable(),
    linkedinUrl: z.string().nullable(),
    additional: AdditionalSchema,
    publicFields: z.array(z.enum(publicFieldNames)).describe('What everybody may see at /u/{nickname}'),
    locale: z.string(),
    timeZone: z.string(),
    role: roleSchema,
    professional: z.boolean(),
    professionalSince: moment.nullable(),
    operator: z.boolean(),
    emailVerified: z.boolean(),
    locked: z.boolean().describe('By staff: no way in until they lift it'),
    lockedUntil: moment.nullable().describe('After failed sign-ins: no sign-in by password until then'),
    failedLogins: z.int().optional().describe('In a row; for staff alone'),
    lastLoginAt: moment.nullable(),
    createdAt: moment,
    updatedAt: moment,
    _links: z.record(z.string(), Link).describe('What this caller may do now'),
  })
  .meta({ id: 'User' })

export type UserResource = z.infer<typeof UserSchema>

const isStaff = ({ kind }: Actor) => kind === 'manager' || kind === 'admin'

/** @param viewer who looks at the account: it decides what the links offer */
export function toUserResource(user: User, viewer: Actor): UserResource {
  return {
    id: user.id,
    email: user.email,
    pendingEmail: user.pending_email,
    nickname: user.nickname,
    firstName: user.first_name,
    lastName: user.last_name,
    bio: user.bio,
    location: user.location,
    githubUrl: user.github_url,
    linkedinUrl: user.linkedin_url,
    additional: user.additional,
    publicFields: user.public_fields,
    locale: user.locale,
    timeZone: user.time_zone,
    role: user.role,
    professional: user.professional,
    professionalSince: user.professional_since?.toISOString() ?? null,
    operator: user.operator,
    emailVerified: user.email_verified,
    locked: user.locked,
    lockedUntil: user.locked_until?.toISOString() ?? null,
    ...(isStaff(viewer) ? { failedLogins: user.failed_logins } : {}),
    lastLoginAt: user.last_login_at?.toISOString() ?? null,
    createdAt: user.created_at.toISOString(),
    updatedAt: user.updated_at.toISOString(),
    _links: { ...selfLink(user, viewer), ...actionLinks(user, viewer) },
  }
}

function selfLink({ id }: User, viewer: Actor) {
  if (viewer.kind === 'owner') return { self: { href: '/me' } }
  return isStaff(viewer) ? { self: { href: `/users/${id}` } } : {}
}

/** `"<edit>.<version>"`: a sign-in makes another representation, and spoils no edit. */
export function userEtag({ edit, version }: Pick<User, 'edit' | 'version'>): string {
  return `"${edit}.${version}"`
}
