import { createTransport } from 'nodemailer'
import { holdFinalDot } from './hold-final-dot.ts'
import { connectJoiningWrites, inOneChunk } from './joined-writes.ts'
import { outcomeOfError, readableReply, type SendOutcome } from './outcome.ts'
import { createPhaseTracker } from './phase.ts'
import { encodeNames, toMessage } from './to-message.ts'

export interface OutgoingMail {
  /** Stable over retries; the multipart boundaries follow from it. */
  deliveryId: string
  /** With its angle brackets. */
  messageId: string
  to: { name: string; address: string }
  subject: string
  html: string
  text: string
  /** When the delivery was planned, so that a retry carries the same Date. */
  date: Date
  /** BCP 47 tag of the texts. */
  language: string
  inlineImages?: { cid: string; filename: string; content: Buffer; contentType: string }[]
}

export interface SendOptions {
  /** Awaited when the server takes the message, before the final dot. Costs a round trip of whatever it does. */
  beforeDot?: (() => Promise<void>) | undefined
  /** Told when the final dot has been handed to the socket. */
  onDot?: () => void
  /** Milliseconds, where less than usual is left for this attempt. */
  timeoutMs?: number
}

export interface MailSender {
  /** Never throws for what the server or the network does. */
  send(mail: OutgoingMail, options?: SendOptions): Promise<SendOutcome>
  /** Lets mails under way finish. */
  close(): Promise<void>
}

export interface MailSenderOptions {
  /** `smtp://[user:password@]host:port`, or `smtps:`. */
  url: string
  /** `Name <address>`. */
  from: string
  /** Connections kept open. */
  poolSize: number
  /** Milliseconds that one attempt may take, whatever the server does. */
  attemptTimeoutMs: number
}

export function createMailSender({ url, from, poolSize, attemptTimeoutMs }: MailSenderOptions): MailSender {
  const tracker = createPhaseTracker()
  const underWay = new Set<Promise<unknown>>()
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: poolSize,
    maxMessages: 10_000,
    // The pool's own retry cannot tell the phases apart and would send twice what must be held.
    maxRequeues: 0,
    idleTimeout: 60_000,
    connectionTimeout: Math.min(10_000, attemptTimeoutMs),
    greetingTimeout: Math.min(10_000, attemptTimeoutMs),
    socketTimeout: attemptTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
    logger: tracker.logger,
    getSocket: connectJoiningWrites,
  })
  const beforeDots = new Map<string, () => Promise<void>>()
  transport.use('stream', ({ message }, done) => {
    encodeNames(message)
    message.transform(inOneChunk)
    const messageId = message.messageId()
    const beforeDot = beforeDots.get(messageId)
    if (beforeDot) message.transform(() => holdFinalDot(tracker.agreed(messageId), beforeDot))
    done()
  })

  async function attempt(
    mail: OutgoingMail,
    { beforeDot, onDot, timeoutMs = attemptTimeoutMs }: SendOptions,
  ): Promise<SendOutcome> {
    const { messageId } = mail
    tracker.begin(messageId, onDot)
    // Not AbortSignal.timeout: its timer would outlive every mail by as long as an attempt may take.
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), Math.min(timeoutMs, attemptTimeoutMs))
    if (beforeDot) beforeDots.set(messageId, beforeDot)
    try {
      const options = {
        ...toMessage(mail, from),
        signal: limit.signal,
      }
      const { response = '' } = await transport.sendMail(options)
      return { kind: 'accepted', reply: readableReply(response) }
    } catch (error) {
      return outcomeOfError(error, tracker.phase(messageId))
    } finally {
      clearTimeout(timer)
      tracker.end(messageId)
      beforeDots.delete(messageId)
    }
  }

  return {
    async send(mail, options = {}) {
      const sending = attempt(mail, options)
      underWay.add(sending)
      try {
        return await sending
      } finally {
        underWay.delete(sending)
      }
    },
    async close() {
      await Promise.allSettled(underWay)
      transport.close()
    },
  }
}
