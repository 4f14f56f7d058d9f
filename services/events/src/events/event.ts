import type { Caller } from '@rollcall/access/caller'
import { type Scope, scopeOf } from '@rollcall/access/permissions'
import { EventPublished, EventSubmitted } from '@rollcall/contracts/events'
import { DomainError } from '@rollcall/http/errors'
import { days } from '@rollcall/runtime/clock'
import type { Event, EventStatus } from './tables.ts'

const FURTHEST_START_MS = days(5 * 366)

interface Transition {
  /** `none`: there is no event yet. */
  from: readonly (EventStatus | 'none')[]
  to: EventStatus
  fact: typeof EventPublished | typeof EventSubmitted
}

/** Every change of an event: from which status, by how far whose permission reaches, and the fact that tells of it. */
export const eventTransitions = {
  create: {
    all: { from: ['none'], to: 'PUBLISHED', fact: EventPublished },
    below: { from: ['none'], to: 'PUBLISHED', fact: EventPublished },
    own: { from: ['none'], to: 'PENDING', fact: EventSubmitted },
  },
} as const satisfies { create: Record<Scope, Transition> }

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

/** Whether somebody may take a seat now, leaving aside whether one is left. */
export function takesRegistrations(event: Pick<Event, 'status' | 'start_at'>, now: Date): boolean {
  return event.status === 'PUBLISHED' && now < event.start_at
}

/** Whether there is a seat to take now. */
export function acceptsRegistrations(
  event: Pick<Event, 'status' | 'start_at' | 'seats_taken' | 'capacity'>,
  now: Date,
): boolean {
  return takesRegistrations(event, now) && event.seats_taken < event.capacity
}
