import type { Caller } from '@rollcall/access/caller'
import { scopeOf } from '@rollcall/access/permissions'
import type { FactDefinition } from '@rollcall/contracts/define'
import { EventCancelled, EventPublished, EventRejected, EventSubmitted, EventUpdated } from '@rollcall/contracts/events'
import { DomainError } from '@rollcall/http/errors'
import { days } from '@rollcall/runtime/clock'
import type { Event, EventStatus } from './tables.ts'

const FURTHEST_START_MS = days(5 * 366)

/** Who does something to an event: whoever it is by, or staff, who manage all. */
export type EventActor = 'organizer' | 'staff'

interface EventAction {
  /** `none`: there is no event yet. */
  from: readonly (EventStatus | 'none')[]
  /** `same`: its status stays. */
  to: EventStatus | 'same'
  who: readonly EventActor[]
  fact: FactDefinition
}

/** Every change of an event: from which status, by whom, and the fact that tells of it. */
export const eventActions = {
  publish: { from: ['none'], to: 'PUBLISHED', who: ['staff'], fact: EventPublished },
  propose: { from: ['none'], to: 'PENDING', who: ['organizer'], fact: EventSubmitted },
  update: {
    from: ['PENDING', 'PUBLISHED', 'REJECTED'],
    to: 'same',
    who: ['organizer', 'staff'],
    fact: EventUpdated,
  },
  submit: { from: ['REJECTED'], to: 'PENDING', who: ['organizer', 'staff'], fact: EventSubmitted },
  approve: { from: ['PENDING'], to: 'PUBLISHED', who: ['staff'], fact: EventPublished },
  reject: { from: ['PENDING'], to: 'REJECTED', who: ['staff'], fact: EventRejected },
  cancel: {
    from: ['PENDING', 'PUBLISHED', 'REJECTED'],
    to: 'CANCELLED',
    who: ['organizer', 'staff'],
    fact: EventCancelled,
  },
} as const satisfies Record<string, EventAction>

/** What happens to an event that there is. */
export type EventActionName = Exclude<keyof typeof eventActions, 'publish' | 'propose'>

/** The same, where its name is not known. */
export function actionOf(name: keyof typeof eventActions): EventAction {
  return eventActions[name]
}

/** Whether somebody may do this to an event as it is now. */
export function mayAct(name: EventActionName, { status }: Pick<Event, 'status'>, by: EventActor): boolean {
  const { from, who } = actionOf(name)
  return who.includes(by) && from.includes(status)
}

export class EventNotFound extends DomainError {
  constructor() {
    super('EventNotFound', 'there is no such event')
  }
}

interface Schedule {
  startAt: Date
  endAt: Date
  registrationOpensAt?: Date | null | undefined
  registrationClosesAt?: Date | null | undefined
}

/** What is wrong with an event's times, by field. */
export function problemsWithSchedule(schedule: Schedule, now: Date): Record<string, string> {
  const { startAt, endAt, registrationOpensAt: opens, registrationClosesAt: closes } = schedule
  const problems: Record<string, string> = {}
  if (startAt <= now) problems['startAt'] = 'must be in the future'
  if (startAt.getTime() - now.getTime() > FURTHEST_START_MS) problems['startAt'] = 'must be at most 5 years ahead'
  if (endAt <= startAt) problems['endAt'] = 'must be after the start'
  if (opens && opens >= endAt) problems['registrationOpensAt'] = 'must be before the end'
  if (closes && closes > endAt) problems['registrationClosesAt'] = 'must not be after the end'
  if (opens && closes && closes <= opens) problems['registrationClosesAt'] = 'must be after registration opens'
  return problems
}

/** @throws {DomainError} `ValidationError` naming each field */
export function refuseIfAny(details: Record<string, string>): void {
  const fields = Object.keys(details).join(', ')
  if (fields !== '') throw new DomainError('ValidationError', `not accepted: ${fields}`, { details })
}

/** Whether somebody may see an event at all: others' unpublished events do not exist for them. */
export function isVisible(event: Pick<Event, 'status' | 'organizer_id'>, caller: Caller | undefined): boolean {
  return event.status === 'PUBLISHED' || event.status === 'CANCELLED' || manages(event, caller)
}

/** Whether somebody may edit an event, see its attendees and scan its tickets. */
export function manages(event: Pick<Event, 'organizer_id'>, caller: Caller | undefined): boolean {
  return actorOf(event, caller) !== undefined
}

/** As whom somebody acts on an event; undefined for those whose it is not. */
export function actorOf(event: Pick<Event, 'organizer_id'>, caller: Caller | undefined): EventActor | undefined {
  const scope = scopeOf('events.manage', caller)
  if (scope === 'all') return 'staff'
  return scope === 'own' && event.organizer_id === caller?.id ? 'organizer' : undefined
}

type Opening = Pick<Event, 'status' | 'start_at' | 'registration_opens_at' | 'registration_closes_at'>

/** Whether somebody may take a seat now, leaving aside whether one is left. */
export function takesRegistrations(event: Opening, now: Date): boolean {
  const { status, start_at, registration_opens_at: opens, registration_closes_at: closes } = event
  return status === 'PUBLISHED' && (opens === null || opens <= now) && now < (closes ?? start_at)
}
