import { fallbackChain } from '@rollcall/i18n/languages'
import type { Logger } from '@rollcall/runtime/logger'
import type { Delivery } from '../database/tables.ts'
import type { OutgoingMail } from '../email/mail-sender.ts'
import type { TemplateName } from '../templates/catalogue.ts'
import { UnsafeUrl } from '../templates/escaping.ts'
import type { Renderer } from '../templates/render.ts'
import { MissingVariable } from '../templates/text-parts.ts'
import type { Failure } from './end-delivery.ts'
import {
  addresseeOf,
  type ContentDeps,
  ContentImpossible,
  type ContentMakers,
  ContentNotReady,
  type ContentRequest,
  type MailContent,
} from './mail-content.ts'
import type { MailContext } from './queries.ts'

export interface WriteDeps extends ContentDeps {
  renderer: Renderer
  contents: ContentMakers
  log: Logger
}

export type Written =
  | { kind: 'mail'; mail: OutgoingMail }
  | { kind: 'ended'; failure: Failure }
  | { kind: 'postponed'; reason: string }

/** Makes the mail of a delivery out of what the projections say now, or finds that there is none to be sent. */
export async function writeMail(deps: WriteDeps, delivery: Delivery, context: MailContext): Promise<Written> {
  const { clock, log } = deps
  if (delivery.send_before <= clock.now()) return ended('expire', 'too-late')
  const { recipient, event, registration } = context
  const addressee = addresseeOf(recipient)
  if (!addressee) return ended('suppress', 'recipient-erased')
  try {
    return await write(deps, { delivery, addressee, event, registration })
  } catch (error) {
    if (error instanceof ContentImpossible) return ended('giveUp', error.message)
    if (error instanceof MissingVariable || error instanceof UnsafeUrl) {
      log.error({ err: error, template: delivery.template }, 'a mail could not be rendered')
      return ended('giveUp', 'not-renderable')
    }
    const reason = error instanceof ContentNotReady ? error.message : 'content-unavailable'
    log.warn({ err: error, deliveryId: delivery.id }, 'a mail could not be written now')
    return { kind: 'postponed', reason }
  }
}

async function write(deps: WriteDeps, request: ContentRequest): Promise<Written> {
  const { delivery, addressee } = request
  const { template } = delivery
  // The maker of a template gives its values; the compiler can't follow that through the union of names.
  const make = deps.contents[template] as (...of: [ContentDeps, ContentRequest]) => Promise<MailContent<TemplateName>>
  const content = await make(deps, request)
  if ('ended' in content) return ended(content.ended, content.reason)
  const rendered = deps.renderer.render(template, addressee.locale, content.values as never)
  const [language = 'en'] = fallbackChain(addressee.locale)
  const mail = {
    deliveryId: delivery.id,
    to: { name: addressee.name, address: addressee.email },
    date: delivery.created_at,
    language,
    ...rendered,
    ...(content.inlineImages ? { inlineImages: content.inlineImages } : {}),
  }
  return { kind: 'mail', mail }
}

function ended(action: Failure['action'], reason: string): Written {
  return { kind: 'ended', failure: { action, reason } }
}
