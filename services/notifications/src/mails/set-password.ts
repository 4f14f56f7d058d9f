import { sealed } from '@rollcall/contracts/fields'
import { UserRegistered } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'
import { openLink } from './open-sealed.ts'
import { toUser } from './to-user.ts'

/** For an account that staff have made: its owner chooses a password, which verifies the address. */
export const setPassword = defineMail({
  name: 'set-password',
  on: [UserRegistered],
  group: 'accounts',
  policy: 'resend',
  sendWithinMs: days(7),
  category: 'essential',
  data: z.object({ sealed }),
  variables: {
    recipientName: 'Ada',
    setPasswordUrl: 'https://rollcall.example/auth/password/set/0190a1b2/secret',
    expiresAt: 'Monday, 1 June 2026 at 18:00 (CEST)',
  },
  plan(fact) {
    const { madeBy, sealed: part } = fact.data
    return madeBy === 'staff' && part !== undefined ? toUser(fact, { sealed: part }) : undefined
  },
  async content(deps, { data, addressee }) {
    const link = await openLink(deps, data.sealed, addressee)
    if ('ended' in link) return link
    const { url: setPasswordUrl, expiresAt } = link
    return { values: { recipientName: addressee.name, setPasswordUrl, expiresAt } }
  },
})
