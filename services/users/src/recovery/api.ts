import { emailField } from '@rollcall/http/email-address'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { UserSchema } from '../accounts/user-resource.ts'
import { linkParams } from '../links/api.ts'
import { passwordField } from '../passwords/password-rules.ts'

export const resetPath = '/auth/password/reset/{userId}/{token}'
export const setPasswordPath = '/auth/password/set/{userId}/{token}'

const StateSchema = z.object({ state: z.enum(['choosable', 'chosen']) }).meta({ id: 'PasswordLinkState' })

export type PasswordLinkState = z.infer<typeof StateSchema>['state']

const shown = {
  method: 'get',
  tag: 'passwords',
  permission: 'public',
  params: linkParams,
  answers: { 200: { description: 'The link works; looking used nothing up', schema: StateSchema, html: true } },
  problems: ['InvalidToken'],
} as const

const chosen = {
  method: 'post',
  tag: 'passwords',
  permission: 'public',
  params: linkParams,
  form: 'too',
  body: z
    .strictObject({ password: passwordField })
    .meta({ id: 'NewPassword', example: { password: 'Another horse 8!' } }),
  answers: { 200: { description: 'The password counts; all sessions have ended', schema: StateSchema, html: true } },
  problems: ['InvalidToken', 'Busy'],
} as const

export const recoveryApi = defineApi({
  forgotPassword: {
    method: 'post',
    path: '/auth/password/forgot',
    summary: 'Mail a link to choose a new password; the answer tells nothing about the address',
    tag: 'passwords',
    permission: 'public',
    body: z.strictObject({ email: emailField }).meta({ example: { email: 'ada@example.org' } }),
    answers: { 202: { description: 'If there is such an account, a mail is on its way' } },
    limit: 'sign-up',
  },
  showReset: { ...shown, path: resetPath, summary: 'What the mailed link shows: a page with a form, or the state' },
  resetPassword: { ...chosen, path: resetPath, summary: 'Choose a new password by the mailed link' },
  showSetPassword: {
    ...shown,
    path: setPasswordPath,
    summary: 'What the link for an account made by staff shows: a page with a form, or the state',
  },
  setPassword: {
    ...chosen,
    path: setPasswordPath,
    summary: 'Choose the password of an account that staff have made, which verifies its address',
  },
  changePassword: {
    method: 'post',
    path: '/me/password',
    summary: 'Choose another password; all other sessions end',
    tag: 'passwords',
    permission: 'account.own',
    body: z.strictObject({ currentPassword: z.string().min(1).max(256), newPassword: passwordField }).meta({
      id: 'PasswordChange',
      example: { currentPassword: 'Correct horse 7!', newPassword: 'Another horse 8!' },
    }),
    answers: { 200: { description: 'The new password counts', schema: UserSchema } },
    problems: ['Busy'],
    limit: 'sign-in',
  },
})
