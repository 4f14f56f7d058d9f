import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'
import { reasonBody } from '../accounts/reason.ts'
import { UserSchema } from '../accounts/user-resource.ts'

const RequestSchema = z
  .object({
    id: z.uuid(),
    user: z.object({ id: z.uuid(), nickname: z.string() }),
    requestedAt: z.iso.datetime(),
    decision: z.enum(['granted', 'declined']).nullable(),
    decidedAt: z.iso.datetime().nullable(),
    decidedBy: z.uuid().nullable(),
    _links: z.record(z.string(), z.object({ href: z.string() })).describe('What this caller may do now'),
  })
  .meta({ id: 'ProfessionalRequest' })

const decide = {
  method: 'post',
  tag: 'professionals',
  permission: 'users.decide-professional',
  params: z.object({ requestId: idField }),
  body: reasonBody,
  answers: { 200: { description: 'The decided request', schema: RequestSchema } },
  problems: ['InvalidStatus'],
} as const

const ofUser = {
  tag: 'professionals',
  permission: 'users.decide-professional',
  params: z.object({ userId: idField }),
  problems: ['UserNotFound', 'InvalidStatus'],
} as const

export const professionalsApi = defineApi({
  requestProfessional: {
    method: 'post',
    path: '/me/professional-request',
    summary: 'Ask for the professional status; needs names, bio and location in the profile',
    tag: 'professionals',
    permission: 'account.own',
    answers: {
      201: { description: 'The request', schema: RequestSchema, headers: { Location: 'Where staff see it' } },
    },
    problems: ['InvalidStatus', 'ValidationError'],
  },
  listProfessionalRequests: {
    method: 'get',
    path: '/professional-requests',
    summary: 'Requests for the professional status, the oldest first',
    tag: 'professionals',
    permission: 'users.decide-professional',
    query: z.strictObject({ ...pageQuery, status: z.enum(['open', 'decided']).optional() }),
    answers: { 200: { description: 'A page', schema: pageSchema(RequestSchema) } },
  },
  grantRequest: {
    ...decide,
    path: '/professional-requests/{requestId}/grant',
    summary: 'Give the professional status to who asked for it',
  },
  declineRequest: {
    ...decide,
    path: '/professional-requests/{requestId}/decline',
    summary: 'Decline a request for the professional status',
  },
  grantProfessional: {
    ...ofUser,
    method: 'post',
    path: '/users/{userId}/professional',
    summary: 'Give somebody the professional status, asked for or not',
    body: reasonBody,
    answers: { 200: { description: 'The professional', schema: UserSchema } },
  },
  withdrawProfessional: {
    ...ofUser,
    method: 'delete',
    path: '/users/{userId}/professional',
    summary: 'Withdraw the professional status',
    answers: { 204: { description: 'It is withdrawn' } },
  },
})
