import { typedEmailField } from '@rollcall/http/email-address'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'

/** Pages of `/ops` only: whatever else is given leads to the queues. */
const next = z.string().max(200).optional()

const page = { description: 'The page', contentType: 'text/html' } as const

export const operatorsApi = defineApi({
  showOpsSignIn: {
    method: 'get',
    path: '/ops/sign-in',
    summary: 'Sign-in page of the operators',
    tag: 'operators',
    permission: 'public',
    query: z.object({ next }),
    answers: { 200: page },
    internal: true,
  },
  opsSignIn: {
    method: 'post',
    path: '/ops/sign-in',
    summary: 'Open the operators’ pages in this browser',
    tag: 'operators',
    permission: 'public',
    ownOriginOnly: true,
    form: true,
    body: z.object({ email: typedEmailField, password: z.string().max(256), next }),
    answers: {
      200: page,
      303: { description: 'To the page that was asked for, with a cookie', headers: { Location: 'The page' } },
    },
    limit: 'sign-in',
    internal: true,
  },
  opsSignOut: {
    method: 'post',
    path: '/ops/sign-out',
    summary: 'End the session of the operators’ pages in this browser',
    tag: 'operators',
    permission: 'operations.leave',
    credential: 'ops-cookie',
    answers: { 303: { description: 'To the sign-in page', headers: { Location: 'The page' } } },
    internal: true,
  },
})
