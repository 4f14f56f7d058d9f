import { UserVerified } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'
import { toUser } from './to-user.ts'

/** Once an address is proven: what one can do now. */
export const welcome = defineMail({
  name: 'welcome',
  on: [UserVerified],
  group: 'people',
  policy: 'hold',
  sendWithinMs: days(2),
  category: 'optional',
  data: z.object({}),
  variables: { recipientName: 'Ada' },
  plan: (fact) => toUser(fact, {}),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})
