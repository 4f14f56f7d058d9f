import { simpleParser } from 'mailparser'

export interface ReadMail {
  subject: string
  from: string
  to: string
  /** As `To` names them, decoded. */
  recipients: { name: string; address: string }[]
  text: string
  html: string
  /** A header's value as a string; empty when missing. */
  header(name: string): string
  /** Names of all headers, as often as they were sent. */
  headerNames: string[]
  images: { cid: string; contentType: string; content: Buffer }[]
}

/** Reads a message's bytes the way a mail program does. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await simpleParser(raw, { keepCidLinks: true })
  const to = Array.isArray(mail.to) ? mail.to : mail.to ? [mail.to] : []
  return {
    subject: mail.subject ?? '',
    from: mail.from?.text ?? '',
    to: to.map((address) => address.text).join(', '),
    recipients: to.flatMap(({ value }) => value.map(({ name, address = '' }) => ({ name, address }))),
    text: mail.text ?? '',
    html: mail.html || '',
    header: (name) => String(mail.headers.get(name.toLowerCase()) ?? ''),
    headerNames: mail.headerLines.map(({ key }) => key).sort(),
    images: mail.attachments
      .filter((attachment) => attachment.contentType.startsWith('image/'))
      .map(({ cid = '', contentType, content }) => ({ cid, contentType, content })),
  }
}
