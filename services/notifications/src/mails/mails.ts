import { accountLocked, accountLockedByStaff } from './account-locked.ts'
import { accountUnlocked } from './account-unlocked.ts'
import { confirmEmail } from './confirm-email.ts'
import type { MailDefinition } from './define-mail.ts'
import { emailChanged } from './email-changed.ts'
import { eventApproved, eventRejected, eventSubmitted } from './event-decisions.ts'
import { passwordChanged } from './password-changed.ts'
import {
  professionalDeclined,
  professionalGranted,
  professionalRequested,
  professionalWithdrawn,
} from './professional-status.ts'
import {
  eventCancelled,
  eventRescheduled,
  registrationCancelled,
  registrationWaitlisted,
} from './registration-changes.ts'
import { resetPassword } from './reset-password.ts'
import { roleChanged } from './role-changed.ts'
import { setPassword } from './set-password.ts'
import { signUpAttempted } from './sign-up-attempted.ts'
import { ticketIssued } from './ticket-issued.ts'
import { verifyEmail } from './verify-email.ts'
import { welcome } from './welcome.ts'

/** Every mail that Rollcall sends. */
export const mails: readonly MailDefinition[] = [
  verifyEmail,
  welcome,
  setPassword,
  signUpAttempted,
  resetPassword,
  passwordChanged,
  confirmEmail,
  emailChanged,
  accountLocked,
  accountLockedByStaff,
  accountUnlocked,
  roleChanged,
  professionalRequested,
  professionalGranted,
  professionalWithdrawn,
  professionalDeclined,
  eventSubmitted,
  eventApproved,
  eventRejected,
  registrationWaitlisted,
  registrationCancelled,
  eventCancelled,
  eventRescheduled,
  ticketIssued,
]

export interface MailGroup {
  id: string
  /**
   * Where it begins that has never committed. `earliest` is for groups that take over from another: the ledger knows what
   * it has planned, and expires what is too old to be sent, so that up to 400 days of facts mail nobody again. `latest` is
   * for facts that no mail followed from before.
   */
  startAt: 'earliest' | 'latest'
}

/**
 * Consumer groups of mails, by subject: a slow subject does not hold up the others. A group never changes its topics
 * (kafkajs' leader hands its own list to all members, so mixed lists leave partitions unread): a mail for facts that its
 * subject's group does not read needs a group of its own. `groups.test.ts` pins which topics each has.
 */
export const groups = {
  // Both took over from `notifications.mails`.
  accounts: { id: 'notifications.mails-accounts', startAt: 'earliest' },
  // Of what happens to people later: no mail followed from it before.
  people: { id: 'notifications.mails-people', startAt: 'latest' },
  // Of decisions about events: no mail followed from them before.
  events: { id: 'notifications.mails-events', startAt: 'latest' },
  // Of places that change: no mail followed from them before.
  registrations: { id: 'notifications.mails-registrations', startAt: 'latest' },
  // Of events that are moved: no mail followed from it before.
  rescheduled: { id: 'notifications.mails-rescheduled', startAt: 'latest' },
  tickets: { id: 'notifications.mails-tickets', startAt: 'earliest' },
} as const satisfies Record<string, MailGroup>

export type GroupName = keyof typeof groups
