import type { Readable } from 'node:stream'
import type { Caller } from '@rollcall/access/caller'
import { ok, streamed } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { pageOf } from '@rollcall/http/paging'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { findEventRow } from '../events/queries.ts'
import { requireManager } from '../events/require-managed.ts'
import type { Event } from '../events/tables.ts'
import { toAttendee } from '../people/attendee.ts'
import { attendeesApi } from './api.ts'
import { type ExportRow, exportRows } from './columns.ts'
import { toCsv } from './csv.ts'
import { type AttendeeFilters, type AttendeeOf, byArrival, eachAttendee, listAttendees } from './queries.ts'
import { type EventStats, statsOf } from './stats.ts'
import { toXlsx } from './xlsx.ts'

export interface AttendeeRouteDeps {
  db: Kysely<EventsDatabase>
  clock: Clock
}

export function attendeeRoutes({ db, clock }: AttendeeRouteDeps): Route[] {
  const managed = async ({ eventId }: { eventId: string }, caller: Caller) =>
    requireManager(await findEventRow(db, eventId), caller).event
  return implement(attendeesApi, {
    async listAttendees({ params, query, search, caller }) {
      const event = await managed(params, caller)
      const found = await listAttendees(db, { ...query, eventId: event.id }, query)
      const path = `/events/${event.id}/attendees`
      return ok(pageOf(found, { path, search, request: query, sort: byArrival, toItem }))
    },
    async exportAttendeesCsv({ params, query, caller }) {
      const event = await managed(params, caller)
      return file(event, 'csv', toCsv(rowsOf(db, event, query)))
    },
    async exportAttendeesXlsx({ params, query, caller }) {
      const event = await managed(params, caller)
      return file(event, 'xlsx', toXlsx(rowsOf(db, event, query)))
    },
    async getEventStats({ params, caller }) {
      const event = await managed(params, caller)
      return ok(toStats(event, await statsOf(db, event), clock.now()))
    },
  })
}

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

function file(event: Event, kind: keyof typeof types, content: Readable) {
  const headers = {
    'content-type': types[kind],
    'content-disposition': `attachment; filename="attendees-${event.id}.${kind}"`,
    'cache-control': 'private, no-store',
  }
  return streamed(headers, content)
}

async function* rowsOf(db: Kysely<EventsDatabase>, event: Event, filters: AttendeeFilters): AsyncGenerator<ExportRow> {
  const toRow = exportRows(event.time_zone)
  for await (const attendee of eachAttendee(db, { ...filters, eventId: event.id })) yield toRow(attendee)
}

const toItem = (row: AttendeeOf) => ({
  registrationId: row.id,
  attendee: toAttendee(row),
  status: row.status,
  source: row.source,
  checkedInAt: row.checked_in_at?.toISOString() ?? null,
  cancelledAt: row.cancelled_at?.toISOString() ?? null,
  cancelReason: row.cancel_reason,
  createdAt: row.created_at.toISOString(),
})

function toStats(event: Event, stats: EventStats, now: Date) {
  return {
    ...stats,
    capacity: event.capacity,
    noShows: event.end_at < now ? stats.registered - stats.checkedIn : null,
    fillRate: stats.registered / event.capacity,
  }
}
