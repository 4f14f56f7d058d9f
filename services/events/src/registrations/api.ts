import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { RegistrationSchema } from './registration-resource.ts'

const RegisterBody = z
  .strictObject({
    waitlist: z.literal(false, 'must be false: waitlists are not offered yet, and full events answer 409'),
  })
  .meta({ id: 'SeatRequest', example: { waitlist: false } })

export const registrationsApi = defineApi({
  registerAttendee: {
    method: 'post',
    path: '/events/{eventId}/registrations',
    summary: 'Take a seat',
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
