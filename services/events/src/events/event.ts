import type { Caller } from '@rollcall/access/caller'
import { type Scope, scopeOf } from '@rollcall/access/permissions'
import { EventPublished, EventSnapshot, EventSubmitted } from '@rollcall/contracts/events'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { DomainError } from '@rollcall/http/errors'
import { days } from '@rollcall/runtime/clock'
import type { Event, EventStatus } from '../database/tables.ts'

const FURTHEST_START_MS = days(5 * 366)

/** Which status an event starts in, by how far its creator's permission reaches, and the fact that tells of it. */
export const eventTransitions = {
  create: {
    all: { to: 'PUBLISHED', fact: EventPublished },
    below: { to: 'PUBLISHED', fact: EventPublished },
    own: { to: 'PENDING', fact: EventSubmitted },
  },
} as const satisfies { create: Record<Scope, { to: EventStatus; fact: unknown }> }

export class EventNotFound extends DomainError {
  constructor() {
    super('EventNotFound', 'there is no such event')
  }
}

interface Schedule {
  startAt: Date
  endAt: Date
}

/** What is wrong with an event's times, by field. */
export function problemsWithSchedule({ startAt, endAt }: Schedule, now: Date): Record<string, string> {
  const problems: Record<string, string> = {}
  if (startAt <= now) problems['startAt'] = 'must be in the future'
  if (startAt.getTime() - now.getTime() > FURTHEST_START_MS) problems['startAt'] = 'must be at most 5 years ahead'
  if (endAt <= startAt) problems['endAt'] = 'must be after the start'
  return problems
}

/** Whether somebody may see an event at all: others' unpublished events do not exist for them. */
export function isVisible(event: Pick<Event, 'status' | 'organizer_id'>, caller: Caller | undefined): boolean {
  return event.status === 'PUBLISHED' || event.status === 'CANCELLED' || manages(event, caller)
}

/** Whether somebody may edit an event, see its attendees and scan its tickets. */
export function manages(event: Pick<Event, 'organizer_id'>, caller: Caller | undefined): boolean {
  const scope = scopeOf('events.manage', caller)
  return scope === 'all' || (scope === 'own' && event.organizer_id === caller?.id)
}

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
  }
  return message(EventSnapshot, { data, sequence: event.version, at })
}
