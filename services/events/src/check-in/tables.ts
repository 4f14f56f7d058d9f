import type { Generated } from 'kysely'
import type { RegistrationStatus } from '../registrations/tables.ts'

interface CheckInsTable {
  id: string
  registration_id: string
  event_id: string
  scanned_by: string
  at: Date
  undone_at: Generated<Date | null>
  undone_by: Generated<string | null>
}

/** Everything that gates have scanned, with what they were shown. */
interface ScansTable {
  id: string
  /** At whose door; null where neither the gate nor the code named an event that the scanner manages. */
  event_id: string | null
  /** Null where the scanner has no business with the person. */
  registration_id: string | null
  scanned_by: string
  gate: string | null
  verdict: string
  check_in_id: string | null
  check_in_at: Date | null
  status: RegistrationStatus | null
  /** The same for the same scan sent again; null where the gate sends no nonce. */
  nonce_key: Buffer | null
  /** Why somebody was let in above the capacity. */
  override_reason: string | null
  at: Date
}

export interface CheckInTables {
  check_ins: CheckInsTable
  scans: ScansTable
}
