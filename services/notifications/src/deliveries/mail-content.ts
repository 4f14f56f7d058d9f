import type { Clock } from '@rollcall/runtime/clock'
import type { ObjectStorage } from '@rollcall/storage/objects'
import type { JWK } from 'jose'
import type { Delivery, Recipient } from '../database/tables.ts'
import type { OutgoingMail } from '../email/mail-sender.ts'
import type { TemplateName, TemplateValues } from '../templates/catalogue.ts'
import type { MailContext } from './queries.ts'

export interface ContentDeps {
  storage: Pick<ObjectStorage, 'read'>
  /** Keys that open sealed parts, the present one first. */
  privateKeys: readonly JWK[]
  clock: Clock
}

/** Somebody who can be written to. */
export interface Addressee {
  email: string
  name: string
  locale: string
  timeZone: string
}

export interface ContentRequest extends Omit<MailContext, 'recipient'> {
  delivery: Delivery
  addressee: Addressee
}

/** What a template shows of a delivery, or why there is nothing to send any more. */
export type MailContent<Name extends TemplateName> =
  | { values: TemplateValues<Name>; inlineImages?: OutgoingMail['inlineImages'] }
  | { ended: 'cancel' | 'expire'; reason: string }

/** One per template: a missing one does not compile. */
export type ContentMakers = {
  [Name in TemplateName]: (deps: ContentDeps, request: ContentRequest) => Promise<MailContent<Name>>
}

/** What is missing now may be there soon: the attempt failed, the delivery did not. */
export class ContentNotReady extends Error {
  override readonly name = 'ContentNotReady'
}

/** What is missing will never be there. */
export class ContentImpossible extends Error {
  override readonly name = 'ContentImpossible'
}

/** Undefined for somebody who has been erased: nobody writes to them. */
export function addresseeOf(recipient: Recipient | null): Addressee | undefined {
  if (!recipient || recipient.erased) return undefined
  const { email, nickname, first_name, locale, time_zone } = recipient
  if (email === null || nickname === null || locale === null || time_zone === null) return undefined
  return { email, name: first_name || nickname, locale, timeZone: time_zone }
}
