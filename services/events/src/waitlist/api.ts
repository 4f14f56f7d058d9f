import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'

const WaitingSchema = z
  .object({
    registrationId: z.uuid(),
    attendee: z.object({ userId: z.uuid(), nickname: z.string().nullable() }),
    joinedAt: z.iso.datetime(),
  })
  .meta({ id: 'Waiting' })

export const waitlistApi = defineApi({
  cancelRegistration: {
    method: 'delete',
    path: '/registrations/{registrationId}',
    summary: 'Give a place up; whoever is first in line has the seat at once',
    tag: 'registrations',
    permission: 'registrations.own',
    params: z.object({ registrationId: idField }),
    answers: { 204: { description: 'It is cancelled, now or before' } },
    problems: ['RegistrationNotFound', 'AlreadyCheckedIn'],
  },
  listWaiting: {
    method: 'get',
    path: '/events/{eventId}/waitlist',
    summary: 'Who waits for a seat, the first in line first',
    tag: 'registrations',
    permission: 'events.manage',
    params: z.object({ eventId: idField }),
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'A page', schema: pageSchema(WaitingSchema) } },
    problems: ['EventNotFound'],
  },
})
