import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'
import { RegistrationSchema } from './registration-resource.ts'

const RegisterBody = z
  .strictObject({
    waitlist: z.boolean().default(true).describe('Where no seat is left: join the line, or be refused'),
  })
  .optional()
  .meta({ id: 'SeatRequest', example: { waitlist: true } })

export const registrationsApi = defineApi({
  registerAttendee: {
    method: 'post',
    path: '/events/{eventId}/registrations',
    summary: 'Take a seat, or where none is left a place in the line',
    tag: 'registrations',
    permission: 'registrations.own',
    params: z.object({ eventId: idField }),
    body: RegisterBody,
    answers: {
      201: { description: 'The registration', schema: RegistrationSchema, headers: { Location: 'Where it is' } },
    },
    problems: ['EventNotFound', 'EventNotPublished', 'RegistrationClosed', 'EventFull', 'AlreadyRegistered'],
    idempotent: true,
  },
  listOwnRegistrations: {
    method: 'get',
    path: '/me/registrations',
    summary: 'Your registrations, the latest first, with title and start as you were told them last',
    tag: 'registrations',
    permission: 'registrations.own',
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'A page', schema: pageSchema(RegistrationSchema) } },
  },
  getRegistration: {
    method: 'get',
    path: '/registrations/{registrationId}',
    summary: 'One of your registrations',
    tag: 'registrations',
    permission: 'registrations.own',
    params: z.object({ registrationId: idField }),
    answers: { 200: { description: 'The registration', schema: RegistrationSchema } },
    problems: ['RegistrationNotFound'],
  },
})
