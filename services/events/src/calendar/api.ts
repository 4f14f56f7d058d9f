import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { eventFilters } from '../events/api.ts'

const ETag = 'Which state this is: send it as `If-None-Match`'
const calendar = {
  200: { description: 'A calendar (RFC 5545)', contentType: 'text/calendar; charset=utf-8', headers: { ETag } },
  304: { description: 'It is as `If-None-Match` says that you have it', headers: { ETag } },
}

export const calendarApi = defineApi({
  getEventsCalendar: {
    method: 'get',
    path: '/events.ics',
    summary: 'Published events as a feed to subscribe to, from a month ago on, a thousand at most',
    tag: 'calendar',
    permission: 'events.browse',
    query: z.strictObject(eventFilters),
    answers: calendar,
  },
  getEventCalendar: {
    method: 'get',
    path: '/events/{eventId}/calendar.ics',
    summary: 'One event for a calendar',
    tag: 'calendar',
    permission: 'events.browse',
    params: z.object({ eventId: idField }),
    answers: calendar,
    problems: ['EventNotFound'],
  },
  getRegistrationCalendar: {
    method: 'get',
    path: '/registrations/{registrationId}/calendar.ics',
    summary: 'One of your registrations for a calendar; one that is cancelled takes it out again',
    tag: 'calendar',
    permission: 'registrations.own',
    params: z.object({ registrationId: idField }),
    answers: calendar,
    problems: ['RegistrationNotFound'],
  },
})
