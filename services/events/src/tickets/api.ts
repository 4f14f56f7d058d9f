import { eventStatuses } from '@rollcall/contracts/events'
import { registrationStatuses } from '@rollcall/contracts/registrations'
import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'

const ETag = 'Send it as `If-None-Match` to be told when nothing has changed'

/** What a ticket shows to whoever has its code: nothing about whose it is. */
const TicketSchema = z
  .object({
    status: z.enum(registrationStatuses),
    checkedInAt: z.iso.datetime().nullable(),
    event: z.object({
      id: z.uuid(),
      title: z.string(),
      startAt: z.iso.datetime(),
      endAt: z.iso.datetime(),
      timeZone: z.string(),
      location: z.string(),
      status: z.enum(eventStatuses),
    }),
  })
  .meta({ id: 'Ticket' })

export type TicketResource = z.infer<typeof TicketSchema>

export const ticketsApi = defineApi({
  getTicketImage: {
    method: 'get',
    path: '/registrations/{registrationId}/ticket.png',
    summary: 'The ticket’s QR code',
    tag: 'registrations',
    permission: 'registrations.own',
    params: z.object({ registrationId: idField }),
    answers: {
      200: { description: 'The image', contentType: 'image/png', headers: { ETag } },
      304: { description: 'The image that you have is the current one', headers: { ETag } },
    },
    problems: ['RegistrationNotFound'],
  },
  showTicket: {
    method: 'get',
    path: '/tickets/{token}',
    summary: 'A ticket by its code, as mails link to it: with the QR code on a page, to keep or to print',
    tag: 'registrations',
    permission: 'public',
    params: z.object({ token: z.string().min(1).max(400) }),
    answers: { 200: { description: 'The ticket', schema: TicketSchema, html: true } },
    problems: ['RegistrationNotFound'],
  },
})
