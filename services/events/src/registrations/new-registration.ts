import { newId } from '@rollcall/runtime/ids'
import type { Event } from '../events/tables.ts'
import type { Registration } from './tables.ts'

interface NewRegistration {
  attendeeId: string
  source: Registration['source']
  /** The version of the key that signs its code. */
  ticketKey: number
  now: Date
}

/** A seat at an event as it is now, before it is stored. */
export function newRegistration(event: Event, { attendeeId, source, ticketKey, now }: NewRegistration): Registration {
  return {
    id: newId(),
    version: 1,
    event_id: event.id,
    attendee_id: attendeeId,
    status: 'CONFIRMED',
    source,
    event_title: event.title,
    event_start_at: event.start_at,
    schedule_version: event.schedule_version,
    ticket_key: ticketKey,
    ticket_issued_at: null,
    waitlist_number: null,
    cancelled_at: null,
    cancel_reason: null,
    checked_in_at: null,
    created_at: now,
  }
}
