import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Registration } from '../registrations/tables.ts'
import type { VerdictCode } from './verdict.ts'

/** What a gate is shown of a registration: as it was at that moment. */
export type Scanned = Pick<Registration, 'id' | 'event_id' | 'event_title' | 'attendee_id' | 'status' | 'checked_in_at'>

export interface Verdict {
  code: VerdictCode
  checkIn?: { id: string; at: Date; gate: string | null }
  /** Missing wherever the scanner has no business with the person. */
  registration?: Scanned
}

/** A scan before its verdict. */
export interface Scan {
  id: string
  /** At whose door, where the scanner manages that event. */
  eventId: string | null
  scannedBy: string
  gate: string | null
  nonceKey: Buffer | null
  at: Date
}

interface Nonce {
  nonce: string | undefined
  scannedBy: string
  eventId: string | undefined
  qrCode: string
}

/** The same where a gate sends the same scan again: of the same scanner, nonce, event and code. */
export function nonceKeyOf({ nonce, ...scan }: Nonce): Buffer | null {
  if (nonce === undefined) return null
  const content = JSON.stringify([scan.scannedBy, nonce, scan.eventId ?? null, scan.qrCode])
  return createHash('sha256').update(content).digest()
}

interface Recorded {
  scan: Scan
  verdict: Verdict
  overrideReason?: string | null
}

/** @returns false where this scan has been recorded before: then nothing has happened */
export async function recordScan(
  db: Kysely<EventsDatabase>,
  { scan, verdict, overrideReason = null }: Recorded,
): Promise<boolean> {
  const { registration, checkIn } = verdict
  const inserted = await db
    .insertInto('scans')
    .values({
      id: scan.id,
      event_id: scan.eventId,
      registration_id: registration?.id ?? null,
      scanned_by: scan.scannedBy,
      gate: scan.gate,
      verdict: verdict.code,
      check_in_id: checkIn?.id ?? null,
      check_in_at: checkIn?.at ?? null,
      status: registration?.status ?? null,
      nonce_key: scan.nonceKey,
      override_reason: overrideReason,
      at: scan.at,
    })
    .onConflict((conflict) => conflict.column('nonce_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** What the same scan was answered before. */
export async function findScan(db: Kysely<EventsDatabase>, nonceKey: Buffer): Promise<Verdict | undefined> {
  const row = await db
    .selectFrom('scans')
    .leftJoin('registrations', 'registrations.id', 'scans.registration_id')
    .leftJoin('scans as first', 'first.id', 'scans.check_in_id')
    .select(['scans.verdict', 'scans.check_in_id', 'scans.check_in_at', 'scans.status', 'first.gate'])
    .select(['registrations.id', 'registrations.event_id', 'registrations.event_title', 'registrations.attendee_id'])
    .where('scans.nonce_key', '=', nonceKey)
    .executeTakeFirst()
  if (!row) return undefined
  const { id, event_id, event_title, attendee_id, status, check_in_id, check_in_at } = row
  const isKnown = id && event_id && event_title !== null && attendee_id && status
  return {
    code: row.verdict as VerdictCode,
    ...(check_in_id && check_in_at ? { checkIn: { id: check_in_id, at: check_in_at, gate: row.gate } } : {}),
    ...(isKnown
      ? { registration: { id, event_id, event_title, attendee_id, status, checked_in_at: check_in_at } }
      : {}),
  }
}
