import { fallbackChain } from '@rollcall/i18n/languages'
import type { Logger } from '@rollcall/runtime/logger'
import type { MailContext } from '../ledger/claim.ts'
import type { Failure } from '../ledger/end-delivery.ts'
import type { Reason } from '../ledger/reasons.ts'
import type { Delivery } from '../ledger/tables.ts'
import { UnsafeUrl } from '../rendering/escaping.ts'
import type { Renderer } from '../rendering/render.ts'
import { MissingVariable } from '../rendering/text-parts.ts'
import type { OutgoingMail } from '../smtp/mail-sender.ts'
import { addresseeOf } from './addressee.ts'
import type { ContentDeps, Mail } from './mail-content.ts'

export interface WriteDeps extends ContentDeps {
  renderer: Renderer
  /** By name. */
  mails: ReadonlyMap<string, Mail>
  log: Logger
}

export type Written =
  | { kind: 'mail'; mail: OutgoingMail }
  | { kind: 'ended'; failure: Failure }
  | { kind: 'postponed'; reason: Reason }

export interface WriteRequest {
  delivery: Delivery
  context: MailContext
  /** Milliseconds that the attempt has left for asking engines. */
  deadlineMs: number
}

/** Makes the mail of a delivery out of what the projections say now, or finds that there is none to be sent. */
export async function writeMail(deps: WriteDeps, request: WriteRequest): Promise<Written> {
  const { clock, log, mails } = deps
  const { delivery } = request
  if (delivery.send_before <= clock.now()) return ended('expire', 'too-late')
  const mail = mails.get(delivery.template)
  if (!mail) {
    // While versions change, a process of the one that has planned it takes it later.
    log.error({ deliveryId: delivery.id, template: delivery.template }, 'there is no such mail in this version')
    return { kind: 'postponed', reason: 'mail-unknown' }
  }
  try {
    return await write(deps, mail, request)
  } catch (error) {
    if (error instanceof MissingVariable || error instanceof UnsafeUrl) {
      log.error({ err: error, template: delivery.template }, 'a mail could not be rendered')
      return ended('giveUp', 'not-renderable')
    }
    log.warn({ err: error, deliveryId: delivery.id }, 'a mail could not be written now')
    return { kind: 'postponed', reason: 'content-unavailable' }
  }
}

async function write(deps: WriteDeps, mail: Mail, { delivery, context, deadlineMs }: WriteRequest): Promise<Written> {
  const { recipient, event, registration } = context
  const addressee = addresseeOf(recipient)
  if (!addressee) return ended('suppress', 'recipient-erased')
  const content = await mail.content(deps, { data: delivery.data, addressee, event, registration, deadlineMs })
  if ('ended' in content) return ended(content.ended, content.reason)
  if ('notYet' in content) return { kind: 'postponed', reason: content.notYet }
  const rendered = deps.renderer.render(mail.name, addressee.locale, content.values)
  const [language = 'en'] = fallbackChain(addressee.locale)
  const outgoing = {
    deliveryId: delivery.id,
    messageId: delivery.message_id,
    to: content.to ?? { name: addressee.name, address: addressee.email },
    date: delivery.created_at,
    language,
    ...rendered,
    ...(content.inlineImages ? { inlineImages: content.inlineImages } : {}),
  }
  return { kind: 'mail', mail: outgoing }
}

function ended(action: Failure['action'], reason: Reason): Written {
  return { kind: 'ended', failure: { action, reason } }
}
