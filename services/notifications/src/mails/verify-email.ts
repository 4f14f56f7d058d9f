import { sealed } from '@rollcall/contracts/fields'
import { unseal } from '@rollcall/contracts/seal'
import { EmailVerificationRequested, UserRegistered, VerificationLink } from '@rollcall/contracts/users'
import { hours } from '@rollcall/runtime/clock'
import { z } from 'zod'
import { formatMoment } from '../rendering/format-moment.ts'
import type { ContentDeps } from '../sending/mail-content.ts'
import { defineMail } from './define-mail.ts'

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
  plan({ sequence, data }) {
    // Somebody made by the command line is verified already: nothing is sealed, and nothing mailed.
    if (data.sealed === undefined) return undefined
    const needs = [{ projection: 'recipients' as const, id: data.userId, sequence }]
    return { recipientId: data.userId, data: { sealed: data.sealed }, needs }
  },
  async content({ privateKeys, clock }, { data, addressee }) {
    const link = await openLink(privateKeys, data.sealed)
    if (!link) return { ended: 'giveUp', reason: 'not-unsealable' }
    const end = new Date(link.expiresAt)
    if (end <= clock.now()) return { ended: 'expire', reason: 'link-expired' }
    const expiresAt = formatMoment(end, addressee)
    return { values: { recipientName: addressee.name, verifyUrl: link.verifyUrl, expiresAt } }
  },
})

/** Undefined for what the keys of this service do not open: it will never open. */
async function openLink(keys: ContentDeps['privateKeys'], part: string): Promise<VerificationLink | undefined> {
  try {
    return VerificationLink.parse(await unseal(keys, part))
  } catch {
    return undefined
  }
}
