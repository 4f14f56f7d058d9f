import { eventVisibilities } from '@rollcall/contracts/events'
import { CONTROL, idField, instantField, textField, timeZoneField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'
import { EventSchema } from './event-resource.ts'

const MAX_CAPACITY = 100_000
const MINUTES_A_DAY = 1440

const tag = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must hold letters, digits and - only')
  .max(30)

const CreateEventBody = z
  .strictObject({
    title: textField({ min: 1, max: 200 }),
    description: textField({ min: 1, max: 5000, multiline: true }).optional(),
    startAt: instantField,
    endAt: instantField,
    timeZone: timeZoneField,
    location: textField({ min: 1, max: 200 }),
    onlineUrl: z
      .url({ protocol: /^https$/ })
      .max(2000)
      .regex(new RegExp(`^[^\\s${CONTROL}]+$`), 'must not contain spaces or control characters')
      .nullable()
      .optional(),
    capacity: z.int().min(1).max(MAX_CAPACITY),
    category: textField({ min: 1, max: 40 }).default('other'),
    tags: z.array(tag).max(10).default([]),
    visibility: z.enum(eventVisibilities).default('public'),
    checkInOpensMinutes: z.int().min(0).max(MINUTES_A_DAY).default(180),
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
    summary: 'Published events by their start',
    tag: 'events',
    permission: 'events.browse',
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'A page of events', schema: pageSchema(EventSchema) } },
  },
  getEvent: {
    method: 'get',
    path: '/events/{eventId}',
    summary: 'One event',
    tag: 'events',
    permission: 'events.browse',
    params: z.object({ eventId: idField }),
    answers: { 200: { description: 'The event', schema: EventSchema } },
    problems: ['EventNotFound'],
  },
})
