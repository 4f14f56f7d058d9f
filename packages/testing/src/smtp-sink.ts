import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { waitUntil } from './waiting.ts'

/** Where a fault strikes: at a command, in the middle of the body, after the final dot, or right after the 250. */
export type SinkPoint = 'mail' | 'rcpt' | 'data' | 'body' | 'dot' | 'reply'

export interface SinkFault {
  at: SinkPoint
  /** The connection is cut, nothing is answered at all, or this SMTP code is answered (not at `body` and `reply`). */
  with: 'cut' | 'silence' | number
}

export interface CapturedMail {
  from: string
  to: string[]
  messageId: string
  raw: Buffer
  /** Milliseconds since the epoch, with fractions, when the final dot had arrived. */
  receivedAt: number
  /** Whether it came over TLS. */
  secure: boolean
  /** False where a fault kept the 250 back: the server has the mail, the client can't know. */
  acknowledged: boolean
}

export interface SmtpSink {
  port: number
  url: string
  /** Every mail whose final dot arrived and that was not refused, acknowledged or not, in order of arrival. */
  mails: CapturedMail[]
  /** Connections accepted so far. */
  connections(): number
  /** The next `times` deliveries that reach the fault's place meet it. */
  fail(fault: SinkFault, times?: number): void
  /** Mends everything that {@link SmtpSink.fail} has not used up. */
  heal(): void
  waitForMail(predicate: (mail: CapturedMail) => boolean, timeoutMs?: number): Promise<CapturedMail>
  stop(): Promise<void>
}

export interface SinkOptions {
  /** How connections are secured, with the certificate that the library brings. Default: not at all. */
  tls?: 'starttls' | 'from-start'
}

/** Starts an SMTP server that keeps every mail in memory and fails where it is told to. */
export async function startSmtpSink({ tls }: SinkOptions = {}): Promise<SmtpSink> {
  const mails: CapturedMail[] = []
  const faults = createFaults()
  const sockets = new Map<number, Socket>()
  let accepted = 0

  /** Answers as the fault in place says, or that all is well. */
  function meet(fault: SinkFault | undefined, session: SMTPServerSession, answer: (error?: Error | null) => void) {
    if (!fault) return answer()
    if (fault.with === 'cut') return void sockets.get(session.remotePort)?.destroy()
    if (fault.with === 'silence') return
    answer(Object.assign(new Error(`${fault.with} refused on demand`), { responseCode: fault.with }))
  }

  const smtp = new SMTPServer({
    authOptional: true,
    secure: tls === 'from-start',
    // The socket comes in from outside, as it is needed for faults.
    needsUpgrade: tls === 'from-start',
    disabledCommands: tls === 'starttls' ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onMailFrom: (_address, session, answer) => meet(faults.take('mail'), session, answer),
    onRcptTo: (_address, session, answer) => meet(faults.take('rcpt'), session, answer),
    onData(stream, session, answer) {
      const cut = () => sockets.get(session.remotePort)?.destroy()
      if (faults.take('data')) return void cut()
      const received = receive(stream, faults.take('body') ? cut : undefined)
      received.then((raw) => {
        const fault = faults.take('dot')
        if (typeof fault?.with !== 'number') mails.push(captured(raw, session, fault === undefined))
        meet(fault, session, answer)
        // The reply is written by now; ending the connection flushes it first.
        if (!fault && faults.take('reply')) sockets.get(session.remotePort)?.end()
      }, ignoreAborted)
    },
  })
  smtp.on('error', () => {})

  const server = createServer({ noDelay: true }, (socket) => {
    accepted += 1
    sockets.set(socket.remotePort ?? 0, socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket.remotePort ?? 0))
    smtp.connect(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo

  return {
    port,
    url: `${tls === 'from-start' ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    mails,
    connections: () => accepted,
    fail: faults.add,
    heal: faults.clear,
    waitForMail: (predicate, timeoutMs = 15_000) => waitUntil('a mail', () => mails.find(predicate), timeoutMs),
    async stop() {
      for (const socket of sockets.values()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function createFaults() {
  let pending: SinkFault[] = []
  return {
    add(fault: SinkFault, times = 1) {
      for (let i = 0; i < times; i += 1) pending.push(fault)
    },
    take(point: SinkPoint): SinkFault | undefined {
      const index = pending.findIndex((fault) => fault.at === point)
      return index < 0 ? undefined : pending.splice(index, 1)[0]
    },
    clear() {
      pending = []
    },
  }
}

/** A client that goes away in the middle of its message leaves nothing behind. */
function ignoreAborted() {}

/** The whole message; or, with `cut`, never: the connection ends when its first bytes arrive. */
async function receive(stream: SMTPServerDataStream, cut?: () => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) {
    if (cut) {
      cut()
      return new Promise<never>(() => {})
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function captured(raw: Buffer, { envelope, secure }: SMTPServerSession, acknowledged: boolean): CapturedMail {
  const head = raw.toString('latin1', 0, raw.indexOf('\r\n\r\n'))
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map((recipient) => recipient.address),
    messageId: /^message-id:\s*(<[^>]*>)/im.exec(head)?.[1] ?? '',
    raw,
    receivedAt: performance.timeOrigin + performance.now(),
    secure,
    acknowledged,
  }
}
