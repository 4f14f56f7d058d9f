import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { emailField } from '../accounts/email-address.ts'
import { linkParams } from '../links/api.ts'

export const verificationPath = '/auth/verify-email/{userId}/{token}'

const StateSchema = z.object({ state: z.enum(['verifiable', 'verified']) }).meta({ id: 'VerificationState' })

export type VerificationState = z.infer<typeof StateSchema>['state']

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
    body: z.strictObject({ email: emailField }),
    answers: { 202: { description: 'If an account waits for verification, a mail is on its way' } },
    limit: 'sign-up',
  },
})
