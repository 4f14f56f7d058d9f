import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'

export const erasureApi = defineApi({
  deleteOwnAccount: {
    method: 'delete',
    path: '/me',
    summary: 'Erase the own account for good',
    tag: 'accounts',
    permission: 'account.own',
    body: z
      .strictObject({ password: z.string().min(1).max(256).optional() })
      .optional()
      .meta({
        id: 'AccountDeletion',
        description: 'The password may be left out within five minutes of a sign-in',
        example: { password: 'Correct horse 7!' },
      }),
    answers: { 204: { description: 'The account is gone, and so are its sessions' } },
    problems: ['LastAdmin', 'Busy'],
    limit: 'sign-in',
  },
  deleteUser: {
    method: 'delete',
    path: '/users/{userId}',
    summary: 'Erase an account for good: personal data goes everywhere, a pseudonym stays',
    tag: 'people',
    permission: 'users.manage',
    params: z.object({ userId: idField }),
    answers: { 204: { description: 'The account is gone, and so are its sessions' } },
    problems: ['UserNotFound', 'LastAdmin', 'InvalidStatus'],
  },
})
