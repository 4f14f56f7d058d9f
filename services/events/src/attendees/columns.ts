import { toAttendee } from '../people/attendee.ts'
import { asText } from './cells.ts'
import type { AttendeeOf } from './queries.ts'

/** Columns of an export, in their order. */
export const exportColumns = [
  'registration_id',
  'status',
  'name',
  'nickname',
  'email',
  'source',
  'registered_at',
  'checked_in_at',
  'cancelled_at',
  'cancel_reason',
] as const

export type ExportRow = Record<(typeof exportColumns)[number], string>

/** One row of an export. Times are those of the event's zone, with their offset: an hour that comes twice is told apart. */
export function exportRows(timeZone: string): (attendee: AttendeeOf) => ExportRow {
  const time = localTimes(timeZone)
  return (row) => {
    const { nickname, name, email } = toAttendee(row)
    return {
      registration_id: row.id,
      status: row.status,
      name: asText(name ?? ''),
      nickname: asText(nickname ?? ''),
      email: asText(email ?? ''),
      source: row.source,
      registered_at: time(row.created_at),
      checked_in_at: time(row.checked_in_at),
      cancelled_at: time(row.cancelled_at),
      cancel_reason: row.cancel_reason ?? '',
    }
  }
}

/** `2027-05-07 18:03:11 +02:00` */
function localTimes(timeZone: string): (instant: Date | null) => string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'iso8601',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  return (instant) => {
    if (!instant) return ''
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
    const { year, month, day, hour, minute, second, timeZoneName = 'GMT' } = parts
    const offset = timeZoneName === 'GMT' ? '+00:00' : timeZoneName.replace('GMT', '')
    return `${year}-${month}-${day} ${hour}:${minute}:${second} ${offset}`
  }
}
