import { unseal } from '@rollcall/contracts/seal'
import { type EmailVerificationRequested, type UserRegistered, VerificationLink } from '@rollcall/contracts/users'
import type { ReceivedMessage } from '@rollcall/messaging/envelope'
import type { ContentDeps, ContentRequest, MailContent } from '../deliveries/mail-content.ts'
import { ContentImpossible } from '../deliveries/mail-content.ts'
import type { PlannedMail } from '../deliveries/plan-deliveries.ts'
import { formatMoment } from '../templates/format-moment.ts'

type Fact = ReceivedMessage<typeof UserRegistered> | ReceivedMessage<typeof EmailVerificationRequested>

/** A person made by the command line is verified already: such a fact has nothing sealed, and nothing is mailed. */
export function verificationMails(facts: Fact[]): PlannedMail[] {
  return facts.flatMap((fact) => {
    const { userId, sealed } = fact.data
    if (sealed === undefined) return []
    const needs = [{ projection: 'recipients' as const, id: userId, sequence: fact.sequence }]
    return [{ fact, template: 'verify-email' as const, recipientId: userId, data: { sealed }, needs }]
  })
}

/** @throws {ContentImpossible} when the link can't be opened with the keys of this service */
export async function verificationContent(
  { privateKeys, clock }: ContentDeps,
  { delivery, addressee }: ContentRequest,
): Promise<MailContent<'verify-email'>> {
  const { verifyUrl, expiresAt } = await openLink(privateKeys, delivery.data.sealed)
  const end = new Date(expiresAt)
  if (end <= clock.now()) return { ended: 'expire', reason: 'link-expired' }
  return { values: { recipientName: addressee.name, verifyUrl, expiresAt: formatMoment(end, addressee) } }
}

async function openLink(keys: ContentDeps['privateKeys'], sealed: string | undefined): Promise<VerificationLink> {
  try {
    return VerificationLink.parse(await unseal(keys, sealed ?? ''))
  } catch (cause) {
    throw new ContentImpossible('not-unsealable', { cause })
  }
}
