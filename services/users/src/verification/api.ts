import { emailField } from '@rollcall/http/email-address'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { UserSchema } from '../accounts/user-resource.ts'
import { linkParams } from '../links/api.ts'

export const verificationPath = '/auth/verify-email/{userId}/{token}'

const StateSchema = z.object({ state: z.enum(['verifiable', 'verified']) }).meta({ id: 'VerificationState' })

export type VerificationState = z.infer<typeof StateSchema>['state']

export const confirmationPath = '/auth/confirm-email/{userId}/{token}'

const ConfirmationSchema = z.object({ state: z.enum(['confirmable', 'confirmed']) }).meta({ id: 'ConfirmationState' })

export type ConfirmationState = z.infer<typeof ConfirmationSchema>['state']

export const verificationApi = defineApi({
  showVerification: {
    method: 'get',
    path: verificationPath,
    summary: 'What the mailed link shows: a page with a button, or the state',
    tag: 'accounts',
    permission: 'public',
    params: linkParams,
    answers: { 200: { description: 'The link works; looking used nothing up', schema: StateSchema, html: true } },
    problems: ['InvalidToken'],
  },
  verifyEmail: {
    method: 'post',
    path: verificationPath,
    summary: 'Verify the address',
    tag: 'accounts',
    permission: 'public',
    params: linkParams,
    answers: { 200: { description: 'The address is verified', schema: StateSchema, html: true } },
    problems: ['InvalidToken'],
  },
  resendVerification: {
    method: 'post',
    path: '/auth/resend-verification',
    summary: 'Mail a new verification link; the answer tells nothing about the address',
    tag: 'accounts',
    permission: 'public',
    body: z.strictObject({ email: emailField }).meta({ example: { email: 'ada@example.org' } }),
    answers: { 202: { description: 'If an account waits for verification, a mail is on its way' } },
    limit: 'sign-up',
  },
  changeEmail: {
    method: 'post',
    path: '/me/email',
    summary: 'Ask for another address; it counts once the link mailed to it has been followed',
    tag: 'accounts',
    permission: 'account.own',
    body: z
      .strictObject({
        email: emailField,
        password: z.string().min(1).max(256).optional().describe('May be left out within five minutes of a sign-in'),
      })
      .meta({ id: 'EmailChange', example: { email: 'countess@example.org', password: 'Correct horse 7!' } }),
    answers: { 200: { description: 'The new address waits to be confirmed', schema: UserSchema } },
    problems: ['EmailTaken', 'InvalidStatus', 'RateLimited', 'Busy'],
    limit: 'sign-in',
  },
  showConfirmation: {
    method: 'get',
    path: confirmationPath,
    summary: 'What the link mailed to a new address shows: a page with a button, or the state',
    tag: 'accounts',
    permission: 'public',
    params: linkParams,
    answers: {
      200: { description: 'The link works; looking used nothing up', schema: ConfirmationSchema, html: true },
    },
    problems: ['InvalidToken'],
  },
  confirmEmail: {
    method: 'post',
    path: confirmationPath,
    summary: 'Let the new address count; the one before is told',
    tag: 'accounts',
    permission: 'public',
    params: linkParams,
    answers: { 200: { description: 'The new address counts', schema: ConfirmationSchema, html: true } },
    problems: ['InvalidToken', 'EmailTaken'],
  },
})
