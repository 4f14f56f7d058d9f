import { sealed } from '@rollcall/contracts/fields'
import { ConfirmationLink, EmailChangeRequested } from '@rollcall/contracts/users'
import { hours } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { defineMail } from './define-mail.ts'
import { openLink, openSealed } from './open-sealed.ts'
import { toUser } from './to-user.ts'

/** To the address that an account is to have, which nobody has proven yet. */
export const confirmEmail = defineMail({
  name: 'confirm-email',
  on: [EmailChangeRequested],
  group: 'people',
  policy: 'resend',
  sendWithinMs: hours(24),
  category: 'essential',
  data: z.object({ sealed }),
  variables: {
    recipientName: 'clever-panda-4711',
    confirmUrl: 'https://rollcall.example/auth/confirm-email/0190a1b2/secret',
    expiresAt: 'Monday, 1 June 2026 at 18:00 (CEST)',
  },
  plan: (fact) => toUser(fact, { sealed: fact.data.sealed }),
  async content(deps, { data, addressee }) {
    const link = await openLink(deps, data.sealed, addressee)
    if ('ended' in link) return link
    const change = await openSealed(deps.privateKeys, data.sealed, ConfirmationLink)
    if (!change) return { ended: 'giveUp', reason: 'not-unsealable' }
    const name = addressee.nickname
    return {
      to: { name, address: change.email },
      values: { recipientName: name, confirmUrl: link.url, expiresAt: link.expiresAt },
    }
  },
})
