import type { SendMailOptions } from 'nodemailer'
import { encodeWord } from 'nodemailer/lib/mime-funcs'
import type { OutgoingMail } from './mail-sender.ts'

/** Longest part of an encoded word, so that a line stays below 76 characters (RFC 2047, section 2). */
const WORD_LENGTH = 52

/** A mail for nodemailer. Nothing random and nothing of the moment: the bytes of a retry are identical. */
export function toMessage(mail: OutgoingMail, from: string): SendMailOptions {
  const { subject, language, inlineImages = [] } = mail
  const encoded = looksEncoded(subject) ? { Subject: { prepared: true, foldLines: true, value: encode(subject) } } : {}
  return {
    from,
    to: mail.to,
    ...('Subject' in encoded ? {} : { subject }),
    text: mail.text,
    html: mail.html,
    date: mail.date,
    messageId: mail.messageId,
    baseBoundary: mail.deliveryId,
    headers: {
      'Auto-Submitted': 'auto-generated',
      // Exchange and Outlook look at this instead, before they answer that somebody is on holiday.
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
      ...encoded,
    },
    attachments: inlineImages.map((image) => ({ ...image, contentDisposition: 'inline' as const })),
  }
}

/**
 * Whether a reader would decode a text (`=?UTF-8?Q?…?=`, RFC 2047) to another: a title could forge a subject that way, or a
 * name a sender's words. It is then encoded as a whole, so that what is decoded is the text.
 */
function looksEncoded(text: string): boolean {
  return text.includes('=?')
}

const encode = (text: string) => encodeWord(text, 'Q', WORD_LENGTH)

interface NamingNode {
  _encodeAddressName?(name: string): string
}

/**
 * The same for names in address headers, which nodemailer puts into quotes where they are ASCII; many mail programs decode
 * them there all the same. It takes no prepared value for these headers, so its own way to write a name is what is replaced.
 */
export function encodeNames(message: object): void {
  const node: NamingNode = message
  const write = node._encodeAddressName?.bind(node)
  if (write) node._encodeAddressName = (name) => (looksEncoded(name) ? encode(name) : write(name))
}
