import { registrationStatuses } from '@rollcall/contracts/registrations'
import { idField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'
import { type VerdictCode, verdictMessages } from './verdict.ts'

const VerdictSchema = z
  .object({
    success: z.boolean().describe('Let the person in'),
    code: z.enum(Object.keys(verdictMessages) as [VerdictCode, ...VerdictCode[]]),
    message: z.string(),
    checkIn: z.object({ id: z.uuid(), at: z.iso.datetime() }).optional(),
    registration: z
      .object({
        id: z.uuid(),
        eventId: z.uuid(),
        eventTitle: z.string(),
        attendee: z.object({ userId: z.uuid(), nickname: z.string().nullable() }),
        status: z.enum(registrationStatuses),
        checkedInAt: z.iso.datetime().nullable(),
      })
      .optional(),
  })
  .meta({ id: 'Verdict' })

export type VerdictResource = z.infer<typeof VerdictSchema>

/** Scanners that are held in the hand type what they read, and an Enter or a tab behind it; some begin with a byte order mark. */
const scannedCode = z.string().min(1).max(1000).trim()

export const checkInApi = defineApi({
  verifyTicket: {
    method: 'post',
    path: '/verify',
    summary: 'Scan a ticket at the door; the verdict is in the body, always with 200',
    tag: 'check-in',
    permission: 'events.manage',
    body: z.strictObject({ qrCode: scannedCode, eventId: idField.optional() }).meta({
      id: 'Scan',
      example: {
        qrCode: 'T1-what-the-image-holds',
        eventId: '01985f00-7a4e-7cc1-9b5d-2f4f0f7f9c11',
      },
    }),
    answers: { 200: { description: 'The verdict', schema: VerdictSchema } },
    limit: 'scan',
  },
})
