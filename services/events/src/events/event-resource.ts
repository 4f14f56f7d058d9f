import type { Caller } from '@rollcall/access/caller'
import { scopeOf } from '@rollcall/access/permissions'
import { eventStatuses, eventVisibilities } from '@rollcall/contracts/events'
import { z } from 'zod'
import { acceptsRegistrations, isVisible } from './event.ts'
import type { EventWithOrganizer } from './queries.ts'

export const EventSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    startAt: z.iso.datetime(),
    endAt: z.iso.datetime(),
    timeZone: z.string(),
    location: z.string(),
    onlineUrl: z.string().nullable(),
    capacity: z.int(),
    registeredCount: z.int(),
    checkedInCount: z.int(),
    seatsLeft: z.int(),
    category: z.string(),
    tags: z.array(z.string()),
    visibility: z.enum(eventVisibilities),
    status: z.enum(eventStatuses),
    checkInOpensMinutes: z.int(),
    organizer: z.object({ id: z.uuid(), nickname: z.string().nullable() }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    _links: z.record(z.string(), z.object({ href: z.string() })).describe('What this caller may do now'),
  })
  .meta({ id: 'Event' })

interface Viewer {
  caller: Caller | undefined
  now: Date
}

export function toEventResource(event: EventWithOrganizer, viewer: Viewer): z.infer<typeof EventSchema> {
  return {
    id: event.id,
    title: event.title,
    description: event.description,
    startAt: event.start_at.toISOString(),
    endAt: event.end_at.toISOString(),
    timeZone: event.time_zone,
    location: event.location,
    onlineUrl: event.online_url,
    capacity: event.capacity,
    registeredCount: event.seats_taken,
    checkedInCount: event.checked_in_count,
    seatsLeft: event.capacity - event.seats_taken,
    category: event.category,
    tags: event.tags,
    visibility: event.visibility,
    status: event.status,
    checkInOpensMinutes: event.check_in_opens_minutes,
    organizer: { id: event.organizer_id, nickname: event.organizer_nickname },
    createdAt: event.created_at.toISOString(),
    updatedAt: event.updated_at.toISOString(),
    _links: linksOf(event, viewer),
  }
}

function linksOf(event: EventWithOrganizer, { caller, now }: Viewer): Record<string, { href: string }> {
  const self = `/events/${event.id}`
  const mayRegister = scopeOf('registrations.own', caller) !== undefined && acceptsRegistrations(event, now)
  return {
    self: { href: self },
    ...(mayRegister && isVisible(event, caller) ? { register: { href: `${self}/registrations` } } : {}),
  }
}
