import { sealed } from '@rollcall/contracts/fields'
import { AccountLocked } from '@rollcall/contracts/users'
import { days } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { formatMoment } from '../rendering/format-moment.ts'
import { defineMail } from './define-mail.ts'
import { openLink } from './open-sealed.ts'
import { toUser } from './to-user.ts'

/** After failed sign-ins, with the link that opens the account again. */
export const accountLocked = defineMail({
  name: 'account-locked',
  on: [AccountLocked],
  group: 'people',
  policy: 'resend',
  sendWithinMs: days(1),
  category: 'essential',
  data: z.object({ sealed, until: z.iso.datetime() }),
  variables: {
    recipientName: 'Ada',
    unlockUrl: 'https://rollcall.example/auth/unlock/0190a1b2/secret',
    lockedUntil: 'Monday, 1 June 2026 at 18:00 (CEST)',
    expiresAt: 'Monday, 8 June 2026 at 17:45 (CEST)',
  },
  plan(fact) {
    const { sealed: part, until } = fact.data
    // Without a link the mailbox has had enough of them, or is not proven.
    return part === undefined || until === undefined ? undefined : toUser(fact, { sealed: part, until })
  },
  async content(deps, { data, addressee }) {
    const link = await openLink(deps, data.sealed, addressee)
    if ('ended' in link) return link
    const lockedUntil = formatMoment(new Date(data.until), addressee)
    return { values: { recipientName: addressee.name, unlockUrl: link.url, lockedUntil, expiresAt: link.expiresAt } }
  },
})

/** By staff, who alone lift it. */
export const accountLockedByStaff = defineMail({
  name: 'account-locked-by-staff',
  on: [AccountLocked],
  group: 'people',
  policy: 'resend',
  sendWithinMs: days(3),
  category: 'essential',
  data: z.object({}),
  variables: { recipientName: 'Ada' },
  plan: (fact) => (fact.data.cause === 'staff' ? toUser(fact, {}) : undefined),
  content: async (_, { addressee }) => ({ values: { recipientName: addressee.name } }),
})
