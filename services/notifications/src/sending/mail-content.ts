import type { Clock } from '@rollcall/runtime/clock'
import type { ObjectStorage } from '@rollcall/storage/objects'
import type { JWK } from 'jose'
import type { MailContext } from '../ledger/claim.ts'
import type { Reason } from '../ledger/reasons.ts'
import type { OutgoingMail } from '../smtp/mail-sender.ts'

export interface ContentDeps {
  storage: Pick<ObjectStorage, 'read'>
  /** Keys that open sealed parts, the present one first. */
  privateKeys: readonly JWK[]
  clock: Clock
  /** Where pages are that mails link to. */
  publicUrl: string
}

/** Somebody who can be written to. */
export interface Addressee {
  email: string
  name: string
  /** Never looks like a link: for addresses that nobody has proven. */
  nickname: string
  locale: string
  timeZone: string
}

export interface ContentRequest<Data> extends Omit<MailContext, 'recipient'> {
  /** As the mail declares it. */
  data: Data
  addressee: Addressee
  /** Milliseconds that the attempt has left for asking engines. */
  deadlineMs: number
}

/** What a mail shows, or why there is nothing to send: any more, ever, or just now. */
export type MailContent<Values> =
  | {
      values: Values
      inlineImages?: OutgoingMail['inlineImages']
      /** Where it goes to another address than the account's. */
      to?: OutgoingMail['to']
    }
  | { ended: 'cancel' | 'expire' | 'giveUp'; reason: Reason }
  | { notYet: Reason }

/** A mail as the sender of deliveries knows it. */
export interface Mail {
  readonly name: string
  /** @throws when an engine is away; the attempt has failed then, the delivery has not */
  content(deps: ContentDeps, request: ContentRequest<unknown>): Promise<MailContent<Record<string, string>>>
}
