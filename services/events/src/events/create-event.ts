import type { Scope } from '@rollcall/access/permissions'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { requireCategory } from '../categories/queries.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { problemsWithSchedule, refuseIfAny } from './event.ts'
import { newEvent } from './new-event.ts'
import type { Event, EventVisibility } from './tables.ts'

interface Deps {
  transact: Transact<EventsDatabase>
  clock: Clock
}

export interface CreateEvent {
  organizerId: string
  /** How far the creator's permission to propose events reaches. */
  scope: Scope
  title: string
  description: string
  startAt: Date
  endAt: Date
  timeZone: string
  location: string
  onlineUrl: string | null
  capacity: number
  category: string
  tags: string[]
  visibility: EventVisibility
  checkInOpensMinutes: number
  registrationOpensAt: Date | null
  registrationClosesAt: Date | null
  reminders: number[]
}

/**
 * Creates an event: published at once by those who may publish all, waiting for a decision otherwise.
 *
 * @throws {DomainError} `ValidationError` for impossible times and an unknown category
 */
export async function createEvent({ transact, clock }: Deps, command: CreateEvent): Promise<Event> {
  const now = clock.now()
  const problems = problemsWithSchedule(command, now)
  return transact(async (tx) => {
    await requireCategory(tx, command.category, problems)
    refuseIfAny(problems)
    return newEvent(tx, { row: toRow(command), scope: command.scope, now })
  })
}

function toRow(command: CreateEvent) {
  return {
    title: command.title,
    description: command.description,
    start_at: command.startAt,
    end_at: command.endAt,
    time_zone: command.timeZone,
    location: command.location,
    online_url: command.onlineUrl,
    capacity: command.capacity,
    category: command.category,
    tags: command.tags,
    visibility: command.visibility,
    organizer_id: command.organizerId,
    check_in_opens_minutes: command.checkInOpensMinutes,
    registration_opens_at: command.registrationOpensAt,
    registration_closes_at: command.registrationClosesAt,
    reminders: command.reminders,
  }
}
