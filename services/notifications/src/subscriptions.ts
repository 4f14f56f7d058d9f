import { EventSnapshot } from '@rollcall/contracts/events'
import { RegistrationSnapshot, TicketIssued } from '@rollcall/contracts/registrations'
import { EmailVerificationRequested, UserRegistered, UserSnapshot } from '@rollcall/contracts/users'
import { on, project } from '@rollcall/messaging/subscriptions'
import type { Kysely } from 'kysely'
import type { NotificationsDatabase } from './database/tables.ts'
import { type PlanDeps, planDeliveries } from './deliveries/plan-deliveries.ts'
import { projectEvents } from './events/project-events.ts'
import { projectRecipients } from './recipients/project-recipients.ts'
import { projectRegistrations } from './registrations/project-registrations.ts'
import { ticketMails } from './tickets/ticket-mail.ts'
import { verificationMails } from './verification/verification-mail.ts'

type Db = Kysely<NotificationsDatabase>

/** Where people want their mail. */
export const peopleSubscriptions = (db: Db) => [project(UserSnapshot, projectRecipients(db))]

export const projectionSubscriptions = (db: Db) => [
  project(EventSnapshot, projectEvents(db)),
  project(RegistrationSnapshot, projectRegistrations(db)),
]

/** Every fact that becomes a mail. */
export const mailSubscriptions = (deps: PlanDeps) => [
  on(UserRegistered, 'verification-mail', (facts) => planDeliveries(deps, verificationMails(facts))),
  on(EmailVerificationRequested, 'verification-mail-again', (facts) => planDeliveries(deps, verificationMails(facts))),
  on(TicketIssued, 'ticket-mail', (facts) => planDeliveries(deps, ticketMails(facts))),
]
