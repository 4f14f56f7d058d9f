import { idField, textField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { EventSchema } from '../events/event-resource.ts'

const CancellationBody = z
  .strictObject({ reason: textField({ min: 1, max: 500, multiline: true }).optional() })
  .optional()
  .meta({ id: 'EventCancellation', example: { reason: 'The speaker is ill; we look for another day.' } })

const params = z.object({ eventId: idField })

export const announcementsApi = defineApi({
  cancelEvent: {
    method: 'post',
    path: '/events/{eventId}/cancel',
    summary: 'Have an event not take place; everybody who holds a place is told',
    tag: 'events',
    permission: 'events.manage',
    params,
    body: CancellationBody,
    answers: { 200: { description: 'The cancelled event', schema: EventSchema } },
    problems: ['EventNotFound', 'InvalidStatus'],
  },
  deleteEvent: {
    method: 'delete',
    path: '/events/{eventId}',
    summary: 'Delete an event; one for which anybody ever registered is cancelled instead, and stays',
    tag: 'events',
    permission: 'events.manage',
    params,
    answers: {
      200: { description: 'Cancelled: people have registered for it', schema: EventSchema },
      204: { description: 'It is gone' },
    },
    problems: ['EventNotFound', 'InvalidStatus'],
  },
})
