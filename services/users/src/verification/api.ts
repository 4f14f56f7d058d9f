import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { emailField } from '../accounts/email-address.ts'

const LinkParams = z.object({
  userId: idField,
  token: z.string().regex(/^[A-Za-z0-9_-]{20,200}$/, 'is not a token'),
})

const StateSchema = z.object({ state: z.enum(['verifiable', 'verified']) }).meta({ id: 'VerificationState' })

export const verificationApi = defineApi({
  showVerification: {
    method: 'get',
    path: '/auth/verify-email/{userId}/{token}',
    summary: 'What the mailed link shows: a page with a button, or the state',
    tag: 'accounts',
    permission: 'public',
    params: LinkParams,
    answers: { 200: { description: 'The link works; looking used nothing up', schema: StateSchema, html: true } },
    problems: ['InvalidToken'],
  },
  verifyEmail: {
    method: 'post',
    path: '/auth/verify-email/{userId}/{token}',
    summary: 'Verify the address',
    tag: 'accounts',
    permission: 'public',
    params: LinkParams,
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
