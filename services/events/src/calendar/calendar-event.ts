import type { CalendarEvent } from '@rollcall/calendar/calendar'
import type { Event } from '../events/tables.ts'
import type { Registration } from '../registrations/tables.ts'

/** An event as calendars have it: its version rises with every change. */
export function eventEntry(event: Event, publicUrl: string): CalendarEvent {
  return {
    ...about(event, publicUrl),
    uid: `${event.id}@${new URL(publicUrl).hostname}`,
    sequence: event.version,
    status: event.status === 'CANCELLED' ? 'CANCELLED' : event.status === 'PUBLISHED' ? 'CONFIRMED' : 'TENTATIVE',
  }
}

/**
 * A registration as its holder's calendar has it. Both versions rise alone, so that their sum rises with a change of either:
 * of the event, before its holder has been told, and of the place.
 */
export function registrationEntry(registration: Registration, event: Event, publicUrl: string): CalendarEvent {
  const isOff = registration.status === 'CANCELLED' || event.status === 'CANCELLED'
  return {
    ...about(event, publicUrl),
    uid: `${registration.id}@${new URL(publicUrl).hostname}`,
    sequence: event.version + registration.version,
    status: isOff ? 'CANCELLED' : registration.status === 'WAITLISTED' ? 'TENTATIVE' : 'CONFIRMED',
  }
}

function about(event: Event, publicUrl: string) {
  return {
    changedAt: event.updated_at,
    startAt: event.start_at,
    endAt: event.end_at,
    timeZone: event.time_zone,
    title: event.title,
    description: event.description,
    location: event.location,
    url: `${publicUrl}/events/${event.id}`,
  }
}
