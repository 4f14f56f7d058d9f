import { emailField } from '@rollcall/http/email-address'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { passwordField } from '../passwords/password-rules.ts'
import { nicknameField } from './nickname.ts'
import { profileFields } from './profile.ts'
import { UserSchema } from './user-resource.ts'

const RegisterBody = z
  .strictObject({
    email: emailField,
    password: passwordField,
    nickname: nicknameField.optional(),
    ...profileFields,
  })
  .meta({
    id: 'SignUp',
    example: { email: 'ada@example.org', password: 'Correct horse 7!', firstName: 'Ada', timeZone: 'Europe/London' },
  })

export const accountsApi = defineApi({
  registerUser: {
    method: 'post',
    path: '/auth/register',
    summary: 'Sign up',
    tag: 'accounts',
    permission: 'public',
    body: RegisterBody,
    answers: {
      201: {
        description: 'The account, waiting for its address to be verified',
        schema: UserSchema,
        headers: { Location: 'Where it is' },
      },
      202: {
        description:
          'Where nobody is told which addresses have accounts: a mail is on its way, whoever has the address',
      },
    },
    problems: ['EmailTaken', 'NicknameTaken', 'Busy'],
    limit: 'sign-up',
    idempotent: true,
  },
  getMe: {
    method: 'get',
    path: '/auth/me',
    summary: 'The signed-in user',
    tag: 'accounts',
    permission: 'account.own',
    answers: { 200: { description: 'The signed-in user', schema: UserSchema } },
  },
})
