import { z } from 'zod'
import { waitUntil } from './waiting.ts'

export interface MailboxMail {
  id: string
  subject: string
  from: string
  to: string[]
  messageId: string
  text: string
  html: string
  attachments: { contentId: string; contentType: string; fileName: string }[]
}

export interface Mailbox {
  /** The newest mail to `address` that fits, as soon as it is there. */
  waitForMail(address: string, predicate?: (mail: MailboxMail) => boolean, timeoutMs?: number): Promise<MailboxMail>
  mails(): Promise<MailboxMail[]>
  attachment(mail: MailboxMail, fileName: string): Promise<Buffer>
}

const Addresses = z.array(z.object({ address: z.string() })).default([])

/** maildev's `GET /email`, as far as it is used here. */
const Mails = z.array(
  z.object({
    id: z.string(),
    subject: z.string().default(''),
    from: Addresses,
    to: Addresses,
    messageId: z.string().default(''),
    text: z.string().default(''),
    html: z.string().default(''),
    attachments: z
      .array(
        z.object({
          contentId: z.string().default(''),
          contentType: z.string().default(''),
          generatedFileName: z.string(),
        }),
      )
      .nullish()
      .transform((list) => list ?? []),
  }),
)

/** Reads the development mailbox (maildev) at `url` by its REST API. */
export function connectMailbox(url: string): Mailbox {
  async function mails(): Promise<MailboxMail[]> {
    const answer = await fetch(`${url}/email`)
    if (!answer.ok) throw new Error(`the mailbox answers ${answer.status}`)
    return Mails.parse(await answer.json()).map((mail) => ({
      ...mail,
      from: mail.from[0]?.address ?? '',
      to: mail.to.map((recipient) => recipient.address),
      attachments: mail.attachments.map(({ generatedFileName, ...rest }) => ({ ...rest, fileName: generatedFileName })),
    }))
  }

  return {
    mails,
    waitForMail: (address, predicate = () => true, timeoutMs = 15_000) =>
      waitUntil(
        `a mail to ${address}`,
        async () => (await mails()).findLast((mail) => mail.to.includes(address) && predicate(mail)),
        timeoutMs,
      ),
    async attachment(mail, fileName) {
      const answer = await fetch(`${url}/email/${mail.id}/attachment/${encodeURIComponent(fileName)}`)
      if (!answer.ok) throw new Error(`the mailbox answers ${answer.status} for ${fileName}`)
      return Buffer.from(await answer.arrayBuffer())
    },
  }
}
