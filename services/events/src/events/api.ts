import { eventStatuses } from '@rollcall/contracts/events'
import { idField, instantField, textField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'
import { categoryField, eventFields, tagField } from './event-fields.ts'
import { EventSchema } from './event-resource.ts'
import { eventSorts } from './list-events.ts'

const CreateEventBody = z
  .strictObject({
    ...eventFields,
    description: eventFields.description.optional(),
    onlineUrl: eventFields.onlineUrl.optional(),
    category: eventFields.category.default('other'),
    tags: eventFields.tags.default([]),
    visibility: eventFields.visibility.default('public'),
    registrationOpensAt: eventFields.registrationOpensAt.default(null),
    registrationClosesAt: eventFields.registrationClosesAt.default(null),
    reminders: eventFields.reminders.default([1440, 60]),
    checkInOpensMinutes: eventFields.checkInOpensMinutes.default(180),
  })
  .meta({
    id: 'EventRequest',
    example: {
      title: 'Night of open labs',
      startAt: '2027-05-07T18:00:00+02:00',
      endAt: '2027-05-07T22:00:00+02:00',
      timeZone: 'Europe/Berlin',
      location: 'Main hall',
      capacity: 120,
      tags: ['open-house'],
    },
  })

const UpdateEventBody = z
  .strictObject(eventFields)
  .partial()
  .meta({ id: 'EventChange', example: { location: 'Small hall', capacity: 80 } })

/** One is a list of one: what holds for many holds for it. */
const tags = z
  .union([tagField, z.array(tagField).max(1000)])
  .transform((value) => [...new Set([value].flat())])
  .describe('Those that have one of these; may be repeated')

const part = textField({ min: 1, max: 200 })
/** What lists of events are filtered by. */
export const eventFilters = {
  q: part.optional().describe('Part of title or description, whatever the case'),
  category: categoryField.optional(),
  tag: tags.optional(),
  from: instantField.optional().describe('Those that begin then or later'),
  to: instantField.optional().describe('Those that begin before'),
  place: part.optional().describe('Part of the location, whatever the case'),
}
const sort = z.enum(eventSorts.names)
const params = z.object({ eventId: idField })
const page = { 200: { description: 'A page of events', schema: pageSchema(EventSchema) } }
const ETag = 'Which state this is: `If-Match` of a change compares it'

export const eventsApi = defineApi({
  createEvent: {
    method: 'post',
    path: '/events',
    summary: 'Create an event; by managers it is published at once',
    tag: 'events',
    permission: 'events.propose',
    body: CreateEventBody,
    answers: { 201: { description: 'The event', schema: EventSchema, headers: { Location: 'Where it is' } } },
    limit: 'event-creation',
    idempotent: true,
  },
  listEvents: {
    method: 'get',
    path: '/events',
    summary: 'Published events that everybody may find',
    tag: 'events',
    permission: 'events.browse',
    query: z.strictObject({ ...pageQuery, ...eventFilters, sort: sort.default('startAt') }),
    answers: {
      200: { ...page[200], headers: { ETag: 'Which page this is' } },
      304: { description: 'It is as `If-None-Match` says that you have it', headers: { ETag: 'Which page this is' } },
    },
  },
  listManagedEvents: {
    method: 'get',
    path: '/events/managed',
    summary: 'The events that the caller manages: their own, or for staff all',
    tag: 'events',
    permission: 'events.manage',
    query: z.strictObject({
      ...pageQuery,
      ...eventFilters,
      status: z.enum(eventStatuses).optional(),
      sort: sort.default('-createdAt'),
    }),
    answers: page,
  },
  listPendingEvents: {
    method: 'get',
    path: '/events/pending',
    summary: 'Events that wait for a decision, the longest waiting first',
    tag: 'approval',
    permission: 'events.decide',
    query: z.strictObject({ ...pageQuery, ...eventFilters, sort: sort.default('createdAt') }),
    answers: page,
  },
  getEvent: {
    method: 'get',
    path: '/events/{eventId}',
    summary: 'One event',
    tag: 'events',
    permission: 'events.browse',
    params,
    answers: {
      200: {
        description: 'The event; a page for people where they ask for one',
        schema: EventSchema,
        html: true,
        headers: { ETag },
      },
      304: { description: 'It is as `If-None-Match` says that you have it', headers: { ETag } },
    },
    problems: ['EventNotFound'],
  },
  updateEvent: {
    method: 'patch',
    path: '/events/{eventId}',
    summary: 'Edit an event; what is published stays published. Needs `If-Match`',
    tag: 'events',
    permission: 'events.manage',
    params,
    body: UpdateEventBody,
    answers: { 200: { description: 'As it is now', schema: EventSchema, headers: { ETag } } },
    problems: ['EventNotFound', 'InvalidStatus', 'CapacityBelowTaken', 'PreconditionFailed', 'PreconditionRequired'],
  },
})
