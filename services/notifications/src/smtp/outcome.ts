import type { LossReason } from '../ledger/reasons.ts'
import type { SmtpPhase } from './phase.ts'

/** What became of one attempt to send a mail. */
export type SendOutcome =
  /** The server took responsibility. */
  | { kind: 'accepted'; reply: string }
  /** The server refused this mail: for good (5xx), or for now (4xx). */
  | { kind: 'refused'; forGood: boolean; reply: string }
  /** No mail could be handed over, or what was handed over is unknown, as the phase says. */
  | { kind: 'lost'; phase: 'before-dot' | 'after-dot'; reason: LossReason }

interface SmtpError {
  code?: unknown
  name?: unknown
  response?: unknown
  responseCode?: unknown
  /** The system's call that failed; the library replaces the system's code by its own. */
  syscall?: unknown
}

/** nodemailer's codes for an answer to MAIL, RCPT, DATA or the message: about this mail, not about the server. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE'])

const REASONS: Record<string, LossReason> = {
  ETIMEDOUT: 'timeout',
  ABORT_ERR: 'timeout',
  EDNS: 'connection-refused',
  ESTREAM: 'not-sendable',
}

/** A server's words as the ledger can keep them: a line or two, without what PostgreSQL refuses in a text. */
export function readableReply(reply: string): string {
  const oneLine = reply.replace(/\p{Cc}+/gu, ' ').toWellFormed()
  return oneLine.trim().slice(0, 500)
}

/** No connection came about. */
const isUnreachable = (syscall: unknown) => syscall === 'connect' || syscall === 'getaddrinfo'

export function outcomeOfError(error: unknown, phase: SmtpPhase): SendOutcome {
  const { code, name, response, responseCode, syscall }: SmtpError = error instanceof Error ? error : {}
  if (typeof responseCode === 'number' && ABOUT_THE_MAIL.has(String(code))) {
    return { kind: 'refused', forGood: responseCode >= 500, reply: readableReply(String(response ?? responseCode)) }
  }
  const lostAt = phase === 'before-dot' ? 'before-dot' : 'after-dot'
  // A refusal at greeting or sign-in says that the server is in trouble; it has not looked at the mail.
  if (typeof responseCode === 'number') return { kind: 'lost', phase: lostAt, reason: 'server-trouble' }
  const known = name === 'AbortError' ? 'timeout' : REASONS[String(code)]
  const reason = known ?? (isUnreachable(syscall) ? 'connection-refused' : 'connection-lost')
  return { kind: 'lost', phase: lostAt, reason }
}
