import { scheduleFieldNames } from '@rollcall/contracts/events'
import type { PreviousPlace } from '@rollcall/contracts/registrations'
import { seal } from '@rollcall/contracts/seal'
import type { Transaction } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { editableColumns } from '../events/event-fields.ts'
import type { Event, EventSchedule } from '../events/tables.ts'
import { changeRegistration } from '../registrations/change-registration.ts'
import { markTold, schedulesOf } from './queries.ts'
import type { Telling } from './tell-of-cancellation.ts'

/**
 * Tells people who hold a place when and where their event is now, beside what they were told last. Where it has been moved
 * away and back before they heard of it, there is nothing to tell.
 */
export async function tellOfMove(
  tx: Transaction<EventsDatabase>,
  { event, registrations, notificationsKey, now }: Telling,
): Promise<void> {
  const schedules = await schedulesOf(tx, event.id)
  for (const [version, theirs] of Map.groupBy(registrations, (registration) => registration.schedule_version)) {
    const before = schedules.get(version)
    if (!before) throw new TypeError(`what was told of version ${version} is not known`)
    const fields = differencesOf(before, event)
    if (fields.length === 0) {
      await markTold(tx, { ids: theirs.map(({ id }) => id), version: event.schedule_version })
      continue
    }
    const previous: PreviousPlace = { location: before.location }
    const data = {
      eventVersion: event.version,
      fields,
      previousStartAt: before.start_at.toISOString(),
      ...(fields.includes('location') ? { sealed: await seal(notificationsKey, previous) } : {}),
    }
    const changes = {
      event_title: event.title,
      event_start_at: event.start_at,
      schedule_version: event.schedule_version,
    }
    for (const registration of theirs) {
      const change = { action: 'reschedule', by: 'system', registration, data, changes, now } as const
      if (!(await changeRegistration(tx, change))) throw new TypeError('a locked registration was changed')
    }
  }
}

function differencesOf(before: EventSchedule, event: Event) {
  return scheduleFieldNames.filter((name) => {
    const column = editableColumns[name]
    return before[column]?.valueOf() !== event[column]?.valueOf()
  })
}
