import { sealed } from '@rollcall/contracts/fields'
import { PasswordResetRequested } from '@rollcall/contracts/users'
import { hours } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'
import { openLink } from './open-sealed.ts'
import { toUser } from './to-user.ts'

/** The link to choose a new password. */
export const resetPassword = defineMail({
  name: 'reset-password',
  on: [PasswordResetRequested],
  group: 'people',
  policy: 'resend',
  sendWithinMs: hours(24),
  category: 'essential',
  data: z.object({ sealed }),
  variables: {
    recipientName: 'Ada',
    resetUrl: 'https://rollcall.example/auth/password/reset/0190a1b2/secret',
    expiresAt: 'Monday, 1 June 2026 at 18:00 (CEST)',
  },
  plan: (fact) => toUser(fact, { sealed: fact.data.sealed }),
  async content(deps, { data, addressee }) {
    const link = await openLink(deps, data.sealed, addressee)
    if ('ended' in link) return link
    return { values: { recipientName: addressee.name, resetUrl: link.url, expiresAt: link.expiresAt } }
  },
})
