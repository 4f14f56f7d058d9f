/**
 * How far a mail had got when something happened. `before-dot`: the server has not seen the whole message, sending again
 * is safe. `after-dot`: the final dot went out, whether it arrived is unknown. `replied`: the server has answered it.
 */
export type SmtpPhase = 'before-dot' | 'after-dot' | 'replied'

interface LogEntry {
  /** What the line is about: `send`, `client`, `message`, `server`. */
  tnx?: unknown
  messageId?: unknown
  /** The SMTP connection. */
  sid?: unknown
}

/** What nodemailer calls with an entry and the line itself, as it was said. */
type Log = (entry: object, line?: unknown) => void

export interface PhaseTracker {
  /** For nodemailer's `logger`; needs `transactionLog`. */
  logger: Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', Log>
  /** Follows a message until {@link PhaseTracker.end}, and tells when its final dot goes out. Message-IDs under way at the same time must differ. */
  begin(messageId: string, onDot?: () => void): void
  phase(messageId: string): SmtpPhase
  /** Settles when the server has agreed to take the message; never for one that it refuses before. */
  agreed(messageId: string): Promise<void>
  end(messageId: string): void
}

/**
 * Learns each mail's phase from nodemailer's own log, the only place that tells it: a lost connection gives the same
 * error before and after the final dot.
 *
 * The pool logs `send` with the message's id and, before anything else can run, its connection logs the first command of
 * that message with the connection's id: that ties the two. `message` is logged when the final dot has been handed to
 * the socket, the next `server` line of that connection is the answer to it. Likewise, the answer to the command DATA
 * says whether the server takes the message; commands may leave before the one in front of them is answered (RFC 2920),
 * and their answers come in their order.
 */
export function createPhaseTracker(): PhaseTracker {
  const phases = new Map<string, SmtpPhase>()
  const hearers = new Map<string, () => void>()
  const agreements = new Map<string, PromiseWithResolvers<void>>()
  const messageOfConnection = new Map<unknown, string>()
  const repliesOwed = new Map<unknown, number>()
  const askedToTake = new Set<unknown>()
  let assigned: string | undefined

  function move(sid: unknown, from: SmtpPhase, to: SmtpPhase) {
    const messageId = messageOfConnection.get(sid)
    if (messageId === undefined || phases.get(messageId) !== from) return
    phases.set(messageId, to)
    if (to === 'after-dot') hearers.get(messageId)?.()
  }

  const owe = (sid: unknown, change: number) => {
    const owed = Math.max(0, (repliesOwed.get(sid) ?? 0) + change)
    repliesOwed.set(sid, owed)
    return owed
  }

  function commanded(sid: unknown, line: unknown) {
    if (assigned !== undefined) messageOfConnection.set(sid, assigned)
    assigned = undefined
    owe(sid, 1)
    if (line === 'DATA') askedToTake.add(sid)
  }

  function answered(sid: unknown, line: unknown) {
    move(sid, 'after-dot', 'replied')
    if (owe(sid, -1) > 0 || !askedToTake.delete(sid)) return
    // Not only 354: nodemailer sends the message after every reply that refuses nothing, since some servers say 250.
    if (/^[23]/.test(String(line))) agreements.get(messageOfConnection.get(sid) ?? '')?.resolve()
  }

  function observe({ tnx, sid, messageId }: LogEntry, line?: unknown) {
    if (tnx === 'send') assigned = String(messageId)
    else if (tnx === 'client') commanded(sid, line)
    else if (tnx === 'message') move(sid, 'before-dot', 'after-dot')
    else if (tnx === 'server') answered(sid, line)
  }

  return {
    logger: { trace: observe, debug: observe, info: observe, warn: observe, error: observe, fatal: observe },
    begin(messageId, onDot) {
      phases.set(messageId, 'before-dot')
      agreements.set(messageId, Promise.withResolvers())
      if (onDot) hearers.set(messageId, onDot)
    },
    phase: (messageId) => phases.get(messageId) ?? 'before-dot',
    agreed: async (messageId) => agreements.get(messageId)?.promise,
    end(messageId) {
      phases.delete(messageId)
      agreements.delete(messageId)
      hearers.delete(messageId)
      for (const [sid, current] of messageOfConnection) {
        if (current !== messageId) continue
        for (const perConnection of [messageOfConnection, repliesOwed, askedToTake]) perConnection.delete(sid)
      }
    },
  }
}
