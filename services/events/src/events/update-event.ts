import { isDeepStrictEqual } from 'node:util'
import type { Caller } from '@rollcall/access/caller'
import { scheduleFieldNames } from '@rollcall/contracts/events'
import { requireMatch } from '@rollcall/http/conditional'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Transaction } from 'kysely'
import { requireCategory } from '../categories/queries.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { changeEvent } from './change-event.ts'
import { problemsWithSchedule, refuseIfAny } from './event.ts'
import { type EventFieldName, editableColumns } from './event-fields.ts'
import { eventEtag } from './event-resource.ts'
import { requireManaged } from './require-managed.ts'
import type { Event } from './tables.ts'

type Column = (typeof editableColumns)[keyof typeof editableColumns]
/** What has been sent: a missing member stays as it is. */
export type EventEdit = Partial<{
  [Name in keyof typeof editableColumns]: Event[(typeof editableColumns)[Name]] | undefined
}>

export interface UpdateEvent {
  eventId: string
  caller: Caller
  ifMatch: string | undefined
  edit: EventEdit
}

/**
 * Edits an event; where nothing has another value, nothing happens. What is published stays published.
 *
 * @throws {DomainError} `EventNotFound`, `Forbidden`, `InvalidStatus` for a cancelled one, `PreconditionRequired`,
 *   `PreconditionFailed`, `CapacityBelowTaken`, `ValidationError`
 */
export function updateEvent(
  { transact, clock }: { transact: Transact<EventsDatabase>; clock: Clock },
  { eventId, caller, ifMatch, edit }: UpdateEvent,
): Promise<Event> {
  return transact(async (tx) => {
    const now = clock.now()
    const { event, by } = await requireManaged(tx, { eventId, caller, action: 'update' })
    requireMatch(ifMatch, eventEtag(event))
    const { fields, changes } = differences(event, edit)
    if (fields.length === 0) return event
    const next = { ...event, ...changes }
    const problems = fields.some(isTime) ? problemsOf(next, now, fields) : {}
    if (fields.includes('category')) await requireCategory(tx, next.category, problems)
    refuseIfAny(problems)
    if (next.capacity !== event.capacity && next.capacity < event.seats_taken) {
      throw new DomainError('CapacityBelowTaken', `${event.seats_taken} seats are taken already`)
    }
    const moved = fields.some(isOfSchedule) ? await keepSchedule(tx, event) : {}
    return changeEvent(tx, {
      action: 'update',
      by,
      actorId: caller.id,
      event,
      changes: { ...changes, ...moved },
      data: { actorId: caller.id, fields },
      now,
    })
  })
}

function differences(event: Event, edit: EventEdit) {
  const changed = (Object.keys(edit) as EventFieldName[]).flatMap((name) => {
    const [column, value] = [editableColumns[name], edit[name]]
    return value === undefined || isDeepStrictEqual(event[column], value) ? [] : [{ name, column, value }]
  })
  const changes = Object.fromEntries(changed.map(({ column, value }) => [column, value])) as Partial<
    Pick<Event, Column>
  >
  return { fields: changed.map(({ name }) => name), changes }
}

const isOfSchedule = (field: EventFieldName) => scheduleFieldNames.some((name) => name === field)

/** Keeps when and where people were told that the event is; whoever holds a place is told of what it is now. */
async function keepSchedule(tx: Transaction<EventsDatabase>, event: Event) {
  const { id: event_id, schedule_version: version, start_at, end_at, time_zone, location, online_url } = event
  const before = { event_id, version, start_at, end_at, time_zone, location, online_url }
  await tx.insertInto('event_schedules').values(before).execute()
  return { schedule_version: version + 1, announcing: event.status === 'PUBLISHED' }
}

const isTime = (field: EventFieldName) => field.endsWith('At')

/** An event that has begun may still be edited, and its end moved: only a start that is set has to be ahead. */
function problemsOf(next: Event, now: Date, fields: EventFieldName[]): Record<string, string> {
  const schedule = {
    startAt: next.start_at,
    endAt: next.end_at,
    registrationOpensAt: next.registration_opens_at,
    registrationClosesAt: next.registration_closes_at,
  }
  const { startAt, ...others } = problemsWithSchedule(schedule, now)
  return { ...(startAt && fields.includes('startAt') ? { startAt } : {}), ...others }
}
