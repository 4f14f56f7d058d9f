import { idField, textField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { EventSchema } from '../events/event-resource.ts'

const RejectionBody = z
  .strictObject({ reason: textField({ min: 1, max: 500, multiline: true }) })
  .meta({ id: 'EventRejection', example: { reason: 'The hall is taken that evening; pick another day.' } })

const decision = {
  method: 'post',
  tag: 'approval',
  params: z.object({ eventId: idField }),
  problems: ['EventNotFound', 'InvalidStatus'],
  limit: 'decision',
} as const

export const approvalApi = defineApi({
  approveEvent: {
    ...decision,
    path: '/events/{eventId}/approve',
    summary: 'Publish an event that waits for a decision',
    permission: 'events.decide',
    answers: { 200: { description: 'The published event', schema: EventSchema } },
  },
  rejectEvent: {
    ...decision,
    path: '/events/{eventId}/reject',
    summary: 'Refuse an event that waits for a decision; its organizer reads why, and may submit it again',
    permission: 'events.decide',
    body: RejectionBody,
    answers: { 200: { description: 'The refused event', schema: EventSchema } },
  },
  submitEvent: {
    ...decision,
    path: '/events/{eventId}/submit',
    summary: 'Have a refused event wait for a decision again',
    permission: 'events.manage',
    answers: { 200: { description: 'The event that waits', schema: EventSchema } },
  },
})
