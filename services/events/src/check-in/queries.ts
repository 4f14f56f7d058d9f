import { findPage, type PageRequest } from '@rollcall/http/paging'
import type { Sort } from '@rollcall/http/sorting'
import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { lockEvent } from '../events/queries.ts'
import { lockRegistration } from '../registrations/queries.ts'

interface Locked {
  eventId: string
  registrationId: string
}

/** Both as they are now, locked until the transaction ends: the event's row first, as everywhere that needs both. */
export async function lockForCheckIn(tx: Transaction<EventsDatabase>, { eventId, registrationId }: Locked) {
  const event = await lockEvent(tx, eventId)
  const registration = await lockRegistration(tx, registrationId)
  return event && registration && { event, registration }
}

export async function insertCheckIn(tx: Transaction<EventsDatabase>, checkIn: Insertable<EventsDatabase['check_ins']>) {
  await tx.insertInto('check_ins').values(checkIn).execute()
}

/** The one that counts: not undone. */
export function findCheckIn(db: Kysely<EventsDatabase>, registrationId: string) {
  return db
    .selectFrom('check_ins')
    .leftJoin('scans', 'scans.id', 'check_ins.id')
    .select(['check_ins.id', 'check_ins.at', 'scans.gate'])
    .where('check_ins.registration_id', '=', registrationId)
    .where('check_ins.undone_at', 'is', null)
    .executeTakeFirst()
}

/** One of an event's, undone or not. */
export function findCheckInAt(db: Kysely<EventsDatabase>, { eventId, id }: { eventId: string; id: string }) {
  return db
    .selectFrom('check_ins')
    .select(['id', 'registration_id', 'at', 'undone_at'])
    .where('id', '=', id)
    .where('event_id', '=', eventId)
    .executeTakeFirst()
}

export async function markUndone(
  tx: Transaction<EventsDatabase>,
  { id, by, at }: { id: string; by: string; at: Date },
): Promise<void> {
  await tx.updateTable('check_ins').set({ undone_at: at, undone_by: by }).where('id', '=', id).execute()
}

export type ListedScan = Omit<Selectable<EventsDatabase['scans']>, 'nonce_key' | 'check_in_at' | 'status'>

/** The latest first. */
export const byTime: Sort<ListedScan> = {
  name: '-at',
  column: sql.ref('scans.at'),
  id: sql.ref('scans.id'),
  kind: 'time',
  descending: true,
  value: ({ at }) => at,
  idOf: ({ id }) => id,
}

/** Everything that was scanned at an event's door. */
export function listScans(db: Kysely<EventsDatabase>, eventId: string, request: PageRequest) {
  const filtered = db.selectFrom('scans').where('event_id', '=', eventId)
  const columns = ['id', 'event_id', 'registration_id', 'scanned_by', 'gate', 'verdict', 'check_in_id'] as const
  const select = (query: typeof filtered) => query.select([...columns, 'override_reason', 'at'])
  return findPage({ db, filtered, select, sort: byTime }, request)
}
