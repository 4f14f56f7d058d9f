import type { eventStatuses, eventVisibilities } from '@rollcall/contracts/events'
import type { registrationSources, registrationStatuses } from '@rollcall/contracts/registrations'
import type { Role } from '@rollcall/contracts/roles'
import type { IdempotencyTables } from '@rollcall/http/idempotency'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { Generated, Selectable } from 'kysely'

export type EventStatus = (typeof eventStatuses)[number]
export type EventVisibility = (typeof eventVisibilities)[number]
export type RegistrationStatus = (typeof registrationStatuses)[number]

interface EventsTable {
  id: string
  /** Raised by facts about the event; a registration does not raise it. */
  version: Generated<number>
  title: string
  description: string
  start_at: Date
  end_at: Date
  time_zone: string
  location: string
  online_url: string | null
  capacity: number
  seats_taken: Generated<number>
  checked_in_count: Generated<number>
  category: string
  tags: string[]
  visibility: EventVisibility
  status: EventStatus
  organizer_id: string
  check_in_opens_minutes: number
  created_at: Date
  updated_at: Date
}

interface RegistrationsTable {
  id: string
  version: Generated<number>
  event_id: string
  attendee_id: string
  status: RegistrationStatus
  source: (typeof registrationSources)[number]
  /** Title and start as the attendee was told last. */
  event_title: string
  event_start_at: Date
  ticket_issued_at: Date | null
  checked_in_at: Date | null
  created_at: Date
}

interface CheckInsTable {
  id: string
  registration_id: string
  event_id: string
  scanned_by: string
  at: Date
}

/** What this service knows of a user, from `user.snapshot`. */
interface KnownUsersTable {
  id: string
  sequence: number
  nickname: string
  role: Role
  professional: boolean
  operator: boolean
  locked: boolean
  /** The account is gone; the row stays so that a late message does not bring it back. */
  erased: boolean
}

/** Sessions whose tokens count no longer, kept until those would have ended by themselves. */
interface EndedSessionsTable {
  session_id: string
  expires_at: Date
}

export interface EventsDatabase extends OutboxTables, IdempotencyTables {
  events: EventsTable
  registrations: RegistrationsTable
  check_ins: CheckInsTable
  known_users: KnownUsersTable
  ended_sessions: EndedSessionsTable
  categories: { name: string }
}

export type Event = Selectable<EventsTable>
export type Registration = Selectable<RegistrationsTable>
