import { type Kysely, sql, type Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import type { Event, EventSchedule } from '../events/tables.ts'
import { type Registration, registrationColumns } from '../registrations/tables.ts'

/** Events of which somebody may not have been told yet. */
export async function listAnnouncing(db: Kysely<EventsDatabase>): Promise<string[]> {
  const rows = await db.selectFrom('events').select('id').where('announcing', '=', sql.lit(true)).limit(100).execute()
  return rows.map(({ id }) => id)
}

/** Who holds a place and has not been told yet what the event, which is locked, is now; locked as well. */
export function lockUntold(tx: Transaction<EventsDatabase>, event: Event, limit: number): Promise<Registration[]> {
  return tx
    .selectFrom('registrations')
    .select(registrationColumns)
    .where('event_id', '=', event.id)
    .where('status', '<>', sql.lit('CANCELLED' as const))
    .$if(event.status !== 'CANCELLED', (query) => query.where('schedule_version', '<', event.schedule_version))
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .execute()
}

export async function markAnnounced(tx: Transaction<EventsDatabase>, eventId: string): Promise<void> {
  await tx.updateTable('events').set({ announcing: false }).where('id', '=', eventId).execute()
}

/** When and where an event was, by version. */
export async function schedulesOf(
  db: Kysely<EventsDatabase>,
  eventId: string,
): Promise<ReadonlyMap<number, EventSchedule>> {
  const rows = await db
    .selectFrom('event_schedules')
    .select(['event_id', 'version', 'start_at', 'end_at', 'time_zone', 'location', 'online_url'])
    .where('event_id', '=', eventId)
    .execute()
  return new Map(rows.map((row) => [row.version, row]))
}

export async function hasRegistrations(tx: Transaction<EventsDatabase>, eventId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('registrations')
    .select('id')
    .where('event_id', '=', eventId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Of people for whom nothing is another than they were told. */
export async function markTold(
  tx: Transaction<EventsDatabase>,
  { ids, version }: { ids: string[]; version: number },
): Promise<void> {
  await tx.updateTable('registrations').set({ schedule_version: version }).where('id', 'in', ids).execute()
}
