import type { MailDefinition } from './define-mail.ts'
import { ticketIssued } from './ticket-issued.ts'
import { verifyEmail } from './verify-email.ts'

/** Every mail that Rollcall sends. */
export const mails: readonly MailDefinition[] = [verifyEmail, ticketIssued]
