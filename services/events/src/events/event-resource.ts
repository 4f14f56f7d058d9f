import { createHash } from 'node:crypto'
import type { Caller } from '@rollcall/access/caller'
import { scopeOf } from '@rollcall/access/permissions'
import { eventStatuses, eventVisibilities } from '@rollcall/contracts/events'
import { z } from 'zod'
import type { Kept } from './answer-cache.ts'
import { actorOf, type EventActionName, isVisible, mayAct, takesRegistrations } from './event.ts'
import type { EventWithOrganizer } from './queries.ts'
import type { Event } from './tables.ts'

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
    waitlistCount: z.int(),
    checkedInCount: z.int(),
    seatsLeft: z.int(),
    category: z.string(),
    tags: z.array(z.string()),
    visibility: z.enum(eventVisibilities),
    status: z.enum(eventStatuses),
    rejectionReason: z.string().nullable(),
    cancellationReason: z.string().nullable(),
    registrationOpensAt: z.iso.datetime().nullable(),
    registrationClosesAt: z.iso.datetime().nullable(),
    reminders: z.array(z.int()).describe('Minutes before the start'),
    checkInOpensMinutes: z.int(),
    organizer: z.object({ id: z.uuid(), nickname: z.string().nullable() }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    _links: z.record(z.string(), z.object({ href: z.string() })).describe('What this caller may do now'),
  })
  .meta({ id: 'Event' })

export type EventResource = z.infer<typeof EventSchema>

export interface Viewer {
  caller: Caller | undefined
  now: Date
}

export function toEventResource(event: EventWithOrganizer, viewer: Viewer): EventResource {
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
    waitlistCount: event.waitlist_count,
    checkedInCount: event.checked_in_count,
    seatsLeft: Math.max(0, event.capacity - event.seats_taken),
    category: event.category,
    tags: event.tags,
    visibility: event.visibility,
    status: event.status,
    rejectionReason: event.rejection_reason,
    cancellationReason: event.cancellation_reason,
    registrationOpensAt: event.registration_opens_at?.toISOString() ?? null,
    registrationClosesAt: event.registration_closes_at?.toISOString() ?? null,
    reminders: event.reminders,
    checkInOpensMinutes: event.check_in_opens_minutes,
    organizer: { id: event.organizer_id, nickname: event.organizer_nickname },
    createdAt: event.created_at.toISOString(),
    updatedAt: event.updated_at.toISOString(),
    _links: linksOf(event, viewer),
  }
}

function linksOf(event: EventWithOrganizer, { caller, now }: Viewer): Record<string, { href: string }> {
  const self = `/events/${event.id}`
  const mayRegister = scopeOf('registrations.own', caller) !== undefined && takesRegistrations(event, now)
  const by = actorOf(event, caller)
  const offered = actionLinks.filter((name) => by !== undefined && mayAct(name, event, by))
  return {
    self: { href: self },
    ...(mayRegister && isVisible(event, caller) ? { register: { href: `${self}/registrations` } } : {}),
    ...Object.fromEntries(
      offered.map((name) => [name, { href: name === 'update' ? self : `${self}/${name}` }] as const),
    ),
  }
}

/** Actions that have an operation of their own. */
const actionLinks: readonly EventActionName[] = ['update', 'submit', 'approve', 'reject', 'cancel']

/** `"<edit>.<version>"`, which a change compares: what others do to an event's seats spoils nobody's edit. */
export function eventEtag({ edit, version }: Pick<Event, 'edit' | 'version'>): string {
  return `"${edit}.${version}"`
}

/**
 * What a caller sees of an event with its tag, `"<edit>.<rest>"`: the rest stands for every other member, seats and links with
 * them.
 */
export function tagged({ edit }: Pick<Event, 'edit'>, resource: EventResource): Kept<EventResource> {
  const json = JSON.stringify(resource)
  return { etag: `"${edit}.${digest(json)}"`, body: resource, size: json.length }
}

/** A list as a caller sees it, with its tag. */
export function taggedList<Page extends object>(page: Page): Kept<Page> {
  const json = JSON.stringify(page)
  return { etag: `"${digest(json)}"`, body: page, size: json.length }
}

/** A number of 52 bits. */
function digest(json: string): number {
  return Number.parseInt(createHash('sha256').update(json).digest('hex').slice(0, 13), 16)
}
