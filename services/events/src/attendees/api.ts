import { cancelReasons, registrationSources, registrationStatuses } from '@rollcall/contracts/registrations'
import { idField, textField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'
import { AttendeeSchema } from '../people/attendee.ts'

const PlaceSchema = z
  .object({
    registrationId: z.uuid(),
    attendee: AttendeeSchema,
    status: z.enum(registrationStatuses),
    source: z.enum(registrationSources),
    checkedInAt: z.iso.datetime().nullable(),
    cancelledAt: z.iso.datetime().nullable(),
    cancelReason: z.enum(cancelReasons).nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Place' })

const StatsSchema = z
  .object({
    capacity: z.int(),
    registered: z.int().describe('Have a seat'),
    waitlisted: z.int(),
    cancelled: z.int(),
    checkedIn: z.int(),
    noShows: z.int().nullable().describe('Had a seat and did not come; null until it is over'),
    fillRate: z.number().describe('Of the capacity, from 0; above 1 where the door let more in'),
    perDay: z
      .array(z.object({ date: z.iso.date(), registrations: z.int(), cancellations: z.int() }))
      .describe('By day of the event’s zone, without days on which nothing happened'),
    arrivals: z.array(z.object({ minute: z.iso.datetime(), arrivals: z.int() })).describe('Check-ins by minute'),
  })
  .meta({ id: 'EventStats' })

const filters = {
  status: z.enum(registrationStatuses).optional(),
  checkedIn: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  q: textField({ min: 1, max: 200 }).optional().describe('Part of nickname, name or address, whatever the case'),
}

const ofEvent = {
  method: 'get',
  tag: 'attendees',
  permission: 'events.manage',
  params: z.object({ eventId: idField }),
  problems: ['EventNotFound'],
} as const

const exported = { ...ofEvent, query: z.strictObject(filters), limit: 'export' } as const
const headers = { 'Content-Disposition': 'The name of the file' }

export const attendeesApi = defineApi({
  listAttendees: {
    ...ofEvent,
    path: '/events/{eventId}/attendees',
    summary: 'Everybody who holds or held a place, in the order in which they came',
    query: z.strictObject({ ...pageQuery, ...filters }),
    answers: { 200: { description: 'A page', schema: pageSchema(PlaceSchema) } },
  },
  exportAttendeesCsv: {
    ...exported,
    path: '/events/{eventId}/attendees.csv',
    summary: 'The same as CSV: UTF-8 with byte order mark, times in the event’s zone, formulas as text',
    answers: { 200: { description: 'The file', contentType: 'text/csv; charset=utf-8', headers } },
  },
  exportAttendeesXlsx: {
    ...exported,
    path: '/events/{eventId}/attendees.xlsx',
    summary: 'The same as a spreadsheet; every cell is a text',
    answers: {
      200: {
        description: 'The file',
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        headers,
      },
    },
  },
  getEventStats: {
    ...ofEvent,
    path: '/events/{eventId}/stats',
    summary: 'Figures of an event, as the list of its attendees has them',
    answers: { 200: { description: 'The figures', schema: StatsSchema } },
  },
})
