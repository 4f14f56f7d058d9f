import { roleSchema } from '@rollcall/contracts/roles'
import { emailField } from '@rollcall/http/email-address'
import { idField, instantField, textField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'
import { nicknameField } from '../accounts/nickname.ts'
import { profileFields } from '../accounts/profile.ts'
import { reasonBody } from '../accounts/reason.ts'
import { UserSchema } from '../accounts/user-resource.ts'
import { userSorts, userStatuses } from './list-users.ts'

const part = textField({ min: 1, max: 254 })

const ListQuery = z.strictObject({
  ...pageQuery,
  q: part.optional().describe('Part of the address, the nickname or a name, whatever the case'),
  email: part.optional().describe('Part of the address'),
  nickname: part.optional().describe('Part of the nickname'),
  role: roleSchema.optional(),
  status: z.enum(userStatuses).optional(),
  createdFrom: instantField.optional(),
  createdTo: instantField.optional().describe('Before this moment'),
  lastLoginFrom: instantField.optional(),
  lastLoginTo: instantField.optional().describe('Before this moment'),
  sort: z.enum(userSorts.names).default('-createdAt').describe('With a minus: the other way round'),
})

const UserBody = z
  .strictObject({
    email: emailField,
    nickname: nicknameField.optional(),
    role: roleSchema.exclude(['anonymous']).optional().describe('For admins to say; otherwise `authenticated`'),
    ...profileFields,
  })
  .meta({
    id: 'NewUser',
    example: { email: 'grace@example.org', role: 'organizer', firstName: 'Grace', lastName: 'Hopper', locale: 'en' },
  })

const UserChangeBody = z
  .strictObject({
    email: emailField.optional().describe('Counts once the link that is mailed to it has been followed'),
    nickname: nicknameField.optional(),
    ...profileFields,
  })
  .meta({ id: 'UserChange', example: { lastName: 'Hopper', location: 'New York' } })

const params = z.object({ userId: idField })
const etag = { ETag: 'Which state this is: `If-Match` of a change compares it' }
const staff = { tag: 'people', permission: 'users.manage', params } as const

export const peopleApi = defineApi({
  listUsers: {
    method: 'get',
    path: '/users',
    summary: 'Search and list accounts; managers see those below manager',
    tag: 'people',
    permission: 'users.manage',
    query: ListQuery,
    answers: { 200: { description: 'A page', schema: pageSchema(UserSchema) } },
  },
  createUser: {
    method: 'post',
    path: '/users',
    summary: 'Make an account; its owner is mailed a link to choose a password, which verifies the address',
    tag: 'people',
    permission: 'users.manage',
    body: UserBody,
    answers: {
      201: { description: 'The account', schema: UserSchema, headers: { Location: 'Where it is' } },
    },
    problems: ['EmailTaken', 'NicknameTaken'],
    idempotent: true,
  },
  getUser: {
    method: 'get',
    path: '/users/{userId}',
    summary: 'One account',
    ...staff,
    answers: { 200: { description: 'The account', schema: UserSchema, headers: etag } },
    problems: ['UserNotFound'],
  },
  updateUser: {
    method: 'patch',
    path: '/users/{userId}',
    summary: 'Change what an account says of its owner; needs `If-Match`',
    ...staff,
    body: UserChangeBody,
    answers: { 200: { description: 'As it is now', schema: UserSchema, headers: etag } },
    problems: [
      'UserNotFound',
      'NicknameTaken',
      'EmailTaken',
      'InvalidStatus',
      'PreconditionFailed',
      'PreconditionRequired',
    ],
  },
  lockUser: {
    method: 'post',
    path: '/users/{userId}/lock',
    summary: 'End every session and bar every way in, everywhere within a second',
    ...staff,
    body: reasonBody,
    answers: { 200: { description: 'The locked account', schema: UserSchema } },
    problems: ['UserNotFound', 'LastAdmin', 'InvalidStatus'],
  },
  unlockUser: {
    method: 'post',
    path: '/users/{userId}/unlock',
    summary: 'Lift a lock by staff, and a lockout after failed sign-ins',
    ...staff,
    body: reasonBody,
    answers: { 200: { description: 'The account', schema: UserSchema } },
    problems: ['UserNotFound', 'InvalidStatus'],
  },
})
