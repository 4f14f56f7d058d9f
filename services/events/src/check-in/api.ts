import { registrationStatuses } from '@rollcall/contracts/registrations'
import { emailField } from '@rollcall/http/email-address'
import { idField, textField } from '@rollcall/http/fields'
import { defineApi } from '@rollcall/http/operation'
import { pageQuery, pageSchema } from '@rollcall/http/paging'
import { z } from 'zod'
import { AttendeeSchema } from '../people/attendee.ts'
import { type VerdictCode, verdictMessages } from './verdict.ts'

const verdictCode = z.enum(Object.keys(verdictMessages) as [VerdictCode, ...VerdictCode[]])

const VerdictSchema = z
  .object({
    success: z.boolean().describe('Let the person in'),
    code: verdictCode,
    message: z.string(),
    checkIn: z.object({ id: z.uuid(), at: z.iso.datetime(), gate: z.string().nullable() }).optional(),
    registration: z
      .object({
        id: z.uuid(),
        eventId: z.uuid(),
        eventTitle: z.string(),
        attendee: AttendeeSchema,
        status: z.enum(registrationStatuses),
        checkedInAt: z.iso.datetime().nullable(),
      })
      .optional(),
  })
  .meta({ id: 'Verdict' })

export type VerdictResource = z.infer<typeof VerdictSchema>

const ScanSchema = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    gate: z.string().nullable(),
    code: verdictCode,
    scannedBy: z.uuid(),
    registrationId: z.uuid().nullable(),
    checkInId: z.uuid().nullable().describe('The check-in that it made or found'),
    overrideReason: z.string().nullable(),
  })
  .meta({ id: 'ScanRecord' })

/** Scanners that are held in the hand type what they read, and an Enter or a tab behind it; some begin with a byte order mark. */
const scannedCode = z.string().min(1).max(1000).trim()
const gate = textField({ min: 1, max: 100 })

export const checkInApi = defineApi({
  verifyTicket: {
    method: 'post',
    path: '/verify',
    summary: 'Scan a ticket at the door; the verdict is in the body, always with 200',
    tag: 'check-in',
    permission: 'events.manage',
    trustsKnownRoles: true,
    body: z
      .strictObject({
        qrCode: scannedCode,
        eventId: idField.optional(),
        nonce: textField({ min: 1, max: 100 }).optional().describe('The same again is the same scan'),
        gate: gate.optional(),
      })
      .meta({
        id: 'Scan',
        example: {
          qrCode: 'T1-what-the-image-holds',
          eventId: '01985f00-7a4e-7cc1-9b5d-2f4f0f7f9c11',
          nonce: 'north-000123',
          gate: 'North',
        },
      }),
    answers: { 200: { description: 'The verdict', schema: VerdictSchema } },
    limit: 'scan',
  },
  walkIn: {
    method: 'post',
    path: '/walk-in',
    summary: 'Let somebody in who has no ticket at hand, as whom they are known or as a guest',
    tag: 'check-in',
    permission: 'events.manage',
    trustsKnownRoles: true,
    body: z
      .strictObject({
        eventId: idField,
        email: emailField,
        name: textField({ min: 1, max: 100 }).optional().describe('Of a guest; who is known keeps their name'),
        gate: gate.optional(),
        overrideCapacity: z.boolean().default(false).describe('Also where every seat is taken'),
        reason: textField({ min: 1, max: 500 }).optional().describe('Kept with the scan'),
      })
      .meta({
        id: 'WalkIn',
        example: {
          eventId: '01985f00-7a4e-7cc1-9b5d-2f4f0f7f9c11',
          email: 'grace@example.org',
          name: 'Grace Hopper',
        },
      }),
    answers: { 200: { description: 'The verdict', schema: VerdictSchema } },
    problems: ['EventNotFound', 'EventFull'],
    limit: 'scan',
  },
  undoCheckIn: {
    method: 'delete',
    path: '/events/{eventId}/check-ins/{checkInId}',
    summary: 'Take a check-in back, for 15 minutes; the ticket is good again',
    tag: 'check-in',
    permission: 'events.manage',
    trustsKnownRoles: true,
    params: z.object({ eventId: idField, checkInId: idField }),
    answers: { 204: { description: 'It is undone, now or before' } },
    problems: ['EventNotFound', 'RegistrationNotFound', 'InvalidStatus'],
  },
  listScans: {
    method: 'get',
    path: '/events/{eventId}/check-ins',
    summary: 'Everything that was scanned at the door, the latest first',
    tag: 'check-in',
    permission: 'events.manage',
    params: z.object({ eventId: idField }),
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'A page', schema: pageSchema(ScanSchema) } },
    problems: ['EventNotFound'],
  },
})
