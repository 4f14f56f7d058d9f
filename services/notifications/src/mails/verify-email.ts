import { sealed } from '@rollcall/contracts/fields'
import { EmailVerificationRequested, UserRegistered, VerificationLink } from '@rollcall/contracts/users'
import { hours } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { formatMoment } from '../rendering/format-moment.ts'
import { defineMail } from './define-mail.ts'
import { openSealed } from './open-sealed.ts'
import { toUser } from './to-user.ts'

/** The link that verifies an address, after a sign-up and whenever it is asked for again. */
export const verifyEmail = defineMail({
  name: 'verify-email',
  on: [UserRegistered, EmailVerificationRequested],
  group: 'accounts',
  policy: 'resend',
  sendWithinMs: hours(24),
  category: 'essential',
  data: z.object({ sealed }),
  variables: {
    recipientName: 'Ada',
    verifyUrl: 'https://rollcall.example/auth/verify-email/0190a1b2/secret',
    expiresAt: 'Monday, 1 June 2026 at 18:00 (CEST)',
  },
  plan(fact) {
    const { sealed: part } = fact.data
    // Somebody made by the command line is verified already, and whom staff have made gets another link.
    if (part === undefined || ('madeBy' in fact.data && fact.data.madeBy === 'staff')) return undefined
    return toUser(fact, { sealed: part })
  },
  async content({ privateKeys, clock }, { data, addressee }) {
    const link = await openSealed(privateKeys, data.sealed, VerificationLink)
    if (!link) return { ended: 'giveUp', reason: 'not-unsealable' }
    const end = new Date(link.expiresAt)
    if (end <= clock.now()) return { ended: 'expire', reason: 'link-expired' }
    const expiresAt = formatMoment(end, addressee)
    return { values: { recipientName: addressee.name, verifyUrl: link.verifyUrl, expiresAt } }
  },
})
