import type { AccessTables } from '@rollcall/access/tables'
import type { eventStatuses, eventVisibilities } from '@rollcall/contracts/events'
import type { registrationSources, registrationStatuses } from '@rollcall/contracts/registrations'
import type { IdempotencyTables } from '@rollcall/outbox/idempotency'
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

export interface EventsDatabase extends OutboxTables, IdempotencyTables, AccessTables {
  events: EventsTable
  registrations: RegistrationsTable
  check_ins: CheckInsTable
  categories: { name: string }
}

export type Event = Selectable<EventsTable>
export type Registration = Selectable<RegistrationsTable>
