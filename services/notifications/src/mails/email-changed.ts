import { sealed } from '@rollcall/contracts/fields'
import { EmailChanged, FormerAddress } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'
import { openSealed } from './open-sealed.ts'
import { toUser } from './to-user.ts'

/** To the address that an account had: whoever reads it learns that it counts no longer. */
export const emailChanged = defineMail({
  name: 'email-changed',
  on: [EmailChanged],
  group: 'people',
  policy: 'resend',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({ sealed }),
  variables: { recipientName: 'clever-panda-4711' },
  plan: (fact) => toUser(fact, { sealed: fact.data.sealed }),
  async content({ privateKeys }, { data, addressee }) {
    const former = await openSealed(privateKeys, data.sealed, FormerAddress)
    if (!former) return { ended: 'giveUp', reason: 'not-unsealable' }
    // What is known to be proven is the new address.
    const name = addressee.nickname
    return { to: { name, address: former.email }, values: { recipientName: name } }
  },
})
