import type { Generated, Selectable } from 'kysely'

/** From `user.snapshot`. An erased person leaves id and sequence behind, so that a late message brings nobody back. */
interface RecipientsTable {
  id: string
  sequence: number
  erased: boolean
  email: string | null
  /** Whether somebody has proven that they read mails to it. */
  email_verified: Generated<boolean>
  nickname: string | null
  first_name: string | null
  locale: string | null
  time_zone: string | null
}

/** From `event.snapshot`. */
interface EventsTable {
  id: string
  sequence: number
  erased: boolean
  title: string | null
  start_at: Date | null
  time_zone: string | null
  location: string | null
  status: string | null
}

/** From `registration.snapshot`. */
interface RegistrationsTable {
  id: string
  sequence: number
  erased: boolean
  event_id: string | null
  attendee_id: string | null
  status: string | null
}

export interface ProjectionTables {
  recipients: RecipientsTable
  events: EventsTable
  registrations: RegistrationsTable
}

export type Recipient = Selectable<RecipientsTable>
