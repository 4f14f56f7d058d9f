import type { eventStatuses, eventVisibilities } from '@rollcall/contracts/events'
import { columnsOf } from '@rollcall/database/columns'
import type { Generated, Selectable } from 'kysely'

export type EventStatus = (typeof eventStatuses)[number]
export type EventVisibility = (typeof eventVisibilities)[number]

interface EventsTable {
  id: string
  /** Raised by facts about the event; a registration does not raise it. */
  version: Generated<number>
  /** Raised by edits alone: what `If-Match` compares. */
  edit: Generated<number>
  title: string
  description: string
  start_at: Date
  end_at: Date
  time_zone: string
  location: string
  online_url: string | null
  capacity: number
  seats_taken: Generated<number>
  /** Given at the door above the capacity, by somebody who said so. */
  extra_seats: Generated<number>
  waitlist_count: Generated<number>
  checked_in_count: Generated<number>
  category: string
  tags: string[]
  visibility: EventVisibility
  status: EventStatus
  organizer_id: string
  /** Raised by edits of time or place. */
  schedule_version: Generated<number>
  /** Whoever holds a place has to be told of a change of time or place, or that it is cancelled. */
  announcing: Generated<boolean>
  cancelled_by: Generated<string | null>
  cancellation_reason: Generated<string | null>
  /** Why staff have refused it; for as long as it is refused. */
  rejection_reason: Generated<string | null>
  registration_opens_at: Generated<Date | null>
  registration_closes_at: Generated<Date | null>
  /** Minutes before the start. */
  reminders: Generated<number[]>
  check_in_opens_minutes: number
  created_at: Date
  updated_at: Date
}

/** When and where an event was, before it was moved. */
interface EventSchedulesTable {
  event_id: string
  /** As the event's `schedule_version` was then. */
  version: number
  start_at: Date
  end_at: Date
  time_zone: string
  location: string
  online_url: string | null
}

export type EventSchedule = Selectable<EventSchedulesTable>

export interface EventTables {
  events: EventsTable
  event_schedules: EventSchedulesTable
  categories: { name: string }
}

export type Event = Selectable<EventsTable>

export const eventColumns = columnsOf<Event>({
  id: true,
  version: true,
  edit: true,
  title: true,
  description: true,
  start_at: true,
  end_at: true,
  time_zone: true,
  location: true,
  online_url: true,
  capacity: true,
  seats_taken: true,
  extra_seats: true,
  waitlist_count: true,
  checked_in_count: true,
  category: true,
  tags: true,
  visibility: true,
  status: true,
  organizer_id: true,
  schedule_version: true,
  announcing: true,
  cancelled_by: true,
  cancellation_reason: true,
  rejection_reason: true,
  registration_opens_at: true,
  registration_closes_at: true,
  reminders: true,
  check_in_opens_minutes: true,
  created_at: true,
  updated_at: true,
})
