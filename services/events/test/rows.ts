import { addMilliseconds, hours } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Event } from '../src/events/tables.ts'
import type { Registration } from '../src/registrations/tables.ts'

/** When the rows below are made. */
export const now = new Date('2027-01-01T10:00:00Z')

/** A published event in an hour; tests say only what they are about. */
export function anEventRow(changes: Partial<Event> = {}): Event {
  return {
    id: newId(),
    version: 1,
    edit: 1,
    title: 'Night of open labs',
    description: '',
    start_at: addMilliseconds(now, hours(1)),
    end_at: addMilliseconds(now, hours(3)),
    time_zone: 'Europe/Berlin',
    location: 'Main hall',
    online_url: null,
    capacity: 5,
    seats_taken: 0,
    extra_seats: 0,
    waitlist_count: 0,
    checked_in_count: 0,
    category: 'other',
    tags: [],
    visibility: 'public',
    status: 'PUBLISHED',
    organizer_id: newId(),
    schedule_version: 1,
    announcing: false,
    cancelled_by: null,
    cancellation_reason: null,
    rejection_reason: null,
    registration_opens_at: null,
    registration_closes_at: null,
    reminders: [1440, 60],
    check_in_opens_minutes: 180,
    created_at: now,
    updated_at: now,
    ...changes,
  }
}

/** Somebody's seat. */
export function aRegistration(changes: Partial<Registration> = {}): Registration {
  return {
    id: newId(),
    version: 1,
    event_id: newId(),
    attendee_id: newId(),
    status: 'CONFIRMED',
    source: 'online',
    event_title: 'Night of open labs',
    event_start_at: addMilliseconds(now, hours(1)),
    schedule_version: 1,
    ticket_key: 1,
    ticket_issued_at: null,
    waitlist_number: null,
    cancelled_at: null,
    cancel_reason: null,
    checked_in_at: null,
    created_at: now,
    ...changes,
  }
}
