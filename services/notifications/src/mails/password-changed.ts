import { PasswordChanged } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { formatMoment } from '../rendering/format-moment.ts'
import { defineMail } from './define-mail.ts'
import { toUser } from './to-user.ts'

/** That the password is another one now, and what to do if that was not its owner. */
export const passwordChanged = defineMail({
  name: 'password-changed',
  on: [PasswordChanged],
  group: 'people',
  policy: 'resend',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({ at: z.iso.datetime() }),
  variables: { recipientName: 'Ada', changedAt: 'Monday, 1 June 2026 at 18:00 (CEST)' },
  plan(fact) {
    // The first password of an account that staff have made is a beginning: its owner is welcomed.
    return fact.data.how === 'set' ? undefined : toUser(fact, { at: fact.time.toISOString() })
  },
  content: async (_, { data, addressee }) => ({
    values: { recipientName: addressee.name, changedAt: formatMoment(new Date(data.at), addressee) },
  }),
})
