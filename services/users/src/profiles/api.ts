import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { nicknameField } from '../accounts/nickname.ts'
import { AdditionalSchema, profileFields } from '../accounts/profile.ts'
import { UserSchema } from '../accounts/user-resource.ts'

/** What people may change about themselves, and staff about others. A missing member stays as it is, `null` clears. */
export const ProfileBody = z.strictObject({ nickname: nicknameField.optional(), ...profileFields }).meta({
  id: 'ProfileChange',
  example: { bio: 'Writes programs for engines.', location: 'London', publicFields: ['bio', 'location'] },
})

const PublicProfileSchema = z
  .object({
    nickname: z.string(),
    professional: z.boolean(),
    professionalSince: z.iso.datetime().nullable(),
    firstName: z.string().nullable().optional(),
    lastName: z.string().nullable().optional(),
    bio: z.string().nullable().optional(),
    location: z.string().nullable().optional(),
    githubUrl: z.string().nullable().optional(),
    linkedinUrl: z.string().nullable().optional(),
    additional: AdditionalSchema.optional(),
    _links: z.object({ self: z.object({ href: z.string() }), qr: z.object({ href: z.string() }) }),
  })
  .meta({ id: 'PublicProfile', description: 'What somebody shows to everybody; the rest is left out' })

// Any text: what no nickname can be is nobody's.
const nicknameParams = z.object({ nickname: z.string().max(100) })

export const profilesApi = defineApi({
  getOwnProfile: {
    method: 'get',
    path: '/me',
    summary: 'The signed-in user, as at /auth/me',
    tag: 'profiles',
    permission: 'account.own',
    answers: {
      200: {
        description: 'The signed-in user',
        schema: UserSchema,
        headers: { ETag: 'Which state this is: `If-Match` of a change compares it' },
      },
    },
  },
  updateOwnProfile: {
    method: 'patch',
    path: '/me',
    summary: 'Change the own profile; `If-Match` is honoured where it is sent',
    tag: 'profiles',
    permission: 'account.own',
    body: ProfileBody,
    answers: {
      200: { description: 'As it is now', schema: UserSchema, headers: { ETag: 'Which state this is' } },
    },
    problems: ['NicknameTaken', 'PreconditionFailed'],
  },
  getPublicProfile: {
    method: 'get',
    path: '/u/{nickname}',
    summary: 'What somebody shows to everybody',
    tag: 'profiles',
    permission: 'profiles.browse',
    params: nicknameParams,
    answers: { 200: { description: 'The public profile', schema: PublicProfileSchema } },
    problems: ['UserNotFound'],
  },
  getProfileQr: {
    method: 'get',
    path: '/u/{nickname}/qr.png',
    summary: 'A QR code of the address of a public profile',
    tag: 'profiles',
    permission: 'profiles.browse',
    params: nicknameParams,
    answers: { 200: { description: 'A PNG', contentType: 'image/png' } },
    problems: ['UserNotFound'],
  },
})
