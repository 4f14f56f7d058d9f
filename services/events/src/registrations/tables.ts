import type { cancelReasons, registrationSources, registrationStatuses } from '@rollcall/contracts/registrations'
import { columnsOf } from '@rollcall/database/columns'
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
  /** Of the event, as the attendee was told last. */
  schedule_version: Generated<number>
  /** The version of the key that signs its code. */
  ticket_key: Generated<number>
  ticket_issued_at: Date | null
  /** Rises in the order in which people joined the event's line; null for who does not wait. */
  waitlist_number: Generated<number | null>
  cancelled_at: Generated<Date | null>
  cancel_reason: Generated<(typeof cancelReasons)[number] | null>
  checked_in_at: Date | null
  created_at: Date
}

interface TicketKeysTable {
  version: number
  /** Private JWK as JWE: of use only together with KEY_ENCRYPTION_KEY. */
  sealed_private_jwk: string
  created_at: Date
  /** Every process knows it by then. */
  signs_from: Date
}

export interface RegistrationTables {
  ticket_keys: TicketKeysTable
  registrations: RegistrationsTable
}

export type Registration = Selectable<RegistrationsTable>

export const registrationColumns = columnsOf<Registration>({
  id: true,
  version: true,
  event_id: true,
  attendee_id: true,
  status: true,
  source: true,
  event_title: true,
  event_start_at: true,
  schedule_version: true,
  ticket_key: true,
  ticket_issued_at: true,
  waitlist_number: true,
  cancelled_at: true,
  cancel_reason: true,
  checked_in_at: true,
  created_at: true,
})
