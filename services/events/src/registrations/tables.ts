import type { registrationSources, registrationStatuses } from '@rollcall/contracts/registrations'
import type { Generated, Selectable } from 'kysely'

export type RegistrationStatus = (typeof registrationStatuses)[number]

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

export interface RegistrationTables {
  registrations: RegistrationsTable
}

export type Registration = Selectable<RegistrationsTable>
