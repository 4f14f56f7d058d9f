import { property, text } from './content-line.ts'
import { utcTime } from './local-time.ts'
import { timeZoneLines } from './time-zone.ts'

export interface CalendarEvent {
  /** The same for the same thing, for ever. */
  uid: string
  /** Rises whenever anything below changes (RFC 5545, 3.8.7.4). */
  sequence: number
  changedAt: Date
  startAt: Date
  endAt: Date
  /** IANA name. */
  timeZone: string
  title: string
  description: string
  location: string
  url: string
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED'
}

/**
 * A calendar of these events as RFC 5545 has it: one file for the `text/calendar` of a download, a feed or a mail. Times are
 * moments, in UTC: an hour that comes twice or never, or a reader whose table of zones is out of date, changes none. In which
 * zone each event is stands beside.
 */
export function toCalendar({ name, events }: { name: string; events: readonly CalendarEvent[] }): string {
  const isCancelled = events.length > 0 && events.every(({ status }) => status === 'CANCELLED')
  const zones = [...new Set(events.map(({ timeZone }) => timeZone))]
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Rollcall//Rollcall//EN',
    'CALSCALE:GREGORIAN',
    `METHOD:${isCancelled ? 'CANCEL' : 'PUBLISH'}`,
    property('NAME', text(name)),
    property('X-WR-CALNAME', text(name)),
    ...(zones.length === 1 ? [property('X-WR-TIMEZONE', String(zones[0]))] : []),
    ...zonesOf(events),
    ...events.flatMap(eventLines),
    'END:VCALENDAR',
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** Each zone, over the time that its events take. */
function zonesOf(events: readonly CalendarEvent[]): string[] {
  const byZone = Map.groupBy(events, ({ timeZone }) => timeZone)
  return [...byZone].flatMap(([timeZone, its]) => {
    if (timeZone === 'UTC') return []
    const times = its.flatMap(({ startAt, endAt }) => [startAt.getTime(), endAt.getTime()])
    return timeZoneLines(timeZone, { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) })
  })
}

function eventLines(event: CalendarEvent): string[] {
  return [
    'BEGIN:VEVENT',
    property('UID', text(event.uid)),
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${utcTime(event.changedAt)}`,
    `LAST-MODIFIED:${utcTime(event.changedAt)}`,
    `DTSTART:${utcTime(event.startAt)}`,
    `DTEND:${utcTime(event.endAt)}`,
    property('SUMMARY', text(event.title)),
    ...(event.description === '' ? [] : [property('DESCRIPTION', text(event.description))]),
    property('LOCATION', text(event.location)),
    property('URL', event.url),
    ...(event.timeZone === 'UTC' ? [] : [property('X-TZID', text(event.timeZone))]),
    `STATUS:${event.status}`,
    'END:VEVENT',
  ]
}
