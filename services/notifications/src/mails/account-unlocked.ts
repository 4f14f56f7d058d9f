import { AccountUnlocked } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'
import { toUser } from './to-user.ts'

/** That signing in is possible again, whoever has opened the account. */
export const accountUnlocked = defineMail({
  name: 'account-unlocked',
  on: [AccountUnlocked],
  group: 'people',
  policy: 'resend',
  sendWithinMs: days(1),
  category: 'essential',
  data: z.object({}),
  variables: { recipientName: 'Ada' },
  plan: (fact) => toUser(fact, {}),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})
