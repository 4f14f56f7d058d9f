import { SignupAttempted } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'
import { toUser } from './to-user.ts'

/** To the owner of an address with which somebody signed up again; the sign-up itself says nothing of it. */
export const signUpAttempted = defineMail({
  name: 'sign-up-attempted',
  on: [SignupAttempted],
  group: 'people',
  policy: 'resend',
  sendWithinMs: days(1),
  category: 'essential',
  data: z.object({}),
  variables: { recipientName: 'Ada' },
  plan: (fact) => toUser(fact, {}),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})
