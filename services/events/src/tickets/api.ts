import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'

const ETag = 'Send it as `If-None-Match` to be told when nothing has changed'

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
})
