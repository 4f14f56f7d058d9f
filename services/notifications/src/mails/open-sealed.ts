import { unseal } from '@rollcall/contracts/seal'
import { MailedLink, StatedReason } from '@rollcall/contracts/users'
import type { z } from 'zod'
import { formatMoment } from '../rendering/format-moment.ts'
import { noReason } from '../rendering/words.ts'
import type { Addressee, ContentDeps } from '../sending/mail-content.ts'

/** Undefined for what the keys of this service do not open, or what is not as it was agreed: it will never be. */
export async function openSealed<Schema extends z.ZodType>(
  keys: ContentDeps['privateKeys'],
  part: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  try {
    return schema.parse(await unseal(keys, part))
  } catch {
    return undefined
  }
}

interface OpenLink {
  url: string
  /** When it ends, as the addressee reads it. */
  expiresAt: string
}

/** A link that is still good, or why there is nothing to send. */
export async function openLink(
  { privateKeys, clock }: ContentDeps,
  part: string,
  addressee: Addressee,
): Promise<OpenLink | { ended: 'giveUp' | 'expire'; reason: 'not-unsealable' | 'link-expired' }> {
  const link = await openSealed(privateKeys, part, MailedLink)
  if (!link) return { ended: 'giveUp', reason: 'not-unsealable' }
  const end = new Date(link.expiresAt)
  if (end <= clock.now()) return { ended: 'expire', reason: 'link-expired' }
  return { url: link.url, expiresAt: formatMoment(end, addressee) }
}

/** What somebody gave as their reason, or that they gave none; undefined for one that does not open. */
export async function openReason(
  { privateKeys }: ContentDeps,
  part: string | undefined,
  { locale }: Addressee,
): Promise<string | undefined> {
  if (part === undefined) return noReason(locale)
  return (await openSealed(privateKeys, part, StatedReason))?.reason
}
