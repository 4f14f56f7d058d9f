import { EventSnapshot } from '@rollcall/contracts/events'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import type { Event } from './tables.ts'

export function eventSnapshot(event: Event, at: Date): OutgoingMessage {
  const data = {
    eventId: event.id,
    title: event.title,
    description: event.description,
    startAt: event.start_at.toISOString(),
    endAt: event.end_at.toISOString(),
    timeZone: event.time_zone,
    location: event.location,
    onlineUrl: event.online_url,
    capacity: event.capacity,
    category: event.category,
    tags: event.tags,
    visibility: event.visibility,
    status: event.status,
    organizerId: event.organizer_id,
    checkInOpensMinutes: event.check_in_opens_minutes,
    reminders: event.reminders,
    scheduleVersion: event.schedule_version,
  }
  return message(EventSnapshot, { data, sequence: event.version, at })
}
