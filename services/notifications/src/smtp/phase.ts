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

export interface PhaseTracker {
  /** For nodemailer's `logger`; needs `transactionLog`. */
  logger: Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', (entry: object, ...words: unknown[]) => void>
  /** Follows a message until {@link PhaseTracker.end}, and tells when its final dot goes out. Message-IDs under way at the same time must differ. */
  begin(messageId: string, onDot?: () => void): void
  phase(messageId: string): SmtpPhase
  end(messageId: string): void
}

/**
 * Learns each mail's phase from nodemailer's own log, the only place that tells it: a lost connection gives the same
 * error before and after the final dot.
 *
 * The pool logs `send` with the message's id and, before anything else can run, its connection logs the first command of
 * that message with the connection's id: that ties the two. `message` is logged when the final dot has been handed to
 * the socket, the next `server` line of that connection is the answer to it.
 */
export function createPhaseTracker(): PhaseTracker {
  const phases = new Map<string, SmtpPhase>()
  const hearers = new Map<string, () => void>()
  const messageOfConnection = new Map<unknown, string>()
  let assigned: string | undefined

  function move(sid: unknown, from: SmtpPhase, to: SmtpPhase) {
    const messageId = messageOfConnection.get(sid)
    if (messageId === undefined || phases.get(messageId) !== from) return
    phases.set(messageId, to)
    if (to === 'after-dot') hearers.get(messageId)?.()
  }

  function observe(entry: LogEntry) {
    if (entry.tnx === 'send') {
      assigned = String(entry.messageId)
    } else if (entry.tnx === 'client' && assigned !== undefined) {
      messageOfConnection.set(entry.sid, assigned)
      assigned = undefined
    } else if (entry.tnx === 'message') {
      move(entry.sid, 'before-dot', 'after-dot')
    } else if (entry.tnx === 'server') {
      move(entry.sid, 'after-dot', 'replied')
    }
  }

  return {
    logger: { trace: observe, debug: observe, info: observe, warn: observe, error: observe, fatal: observe },
    begin(messageId, onDot) {
      phases.set(messageId, 'before-dot')
      if (onDot) hearers.set(messageId, onDot)
    },
    phase: (messageId) => phases.get(messageId) ?? 'before-dot',
    end(messageId) {
      phases.delete(messageId)
      hearers.delete(messageId)
      for (const [sid, current] of messageOfConnection) if (current === messageId) messageOfConnection.delete(sid)
    },
  }
}
