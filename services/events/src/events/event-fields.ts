import { type eventFieldNames, eventVisibilities } from '@rollcall/contracts/events'
import { CONTROL, instantField, textField, timeZoneField } from '@rollcall/http/fields'
import { z } from 'zod'

const MAX_CAPACITY = 100_000
const MINUTES_A_DAY = 1440
const MOST_REMINDERS = 5
/** Four weeks. */
const EARLIEST_REMINDER_MINUTES = 28 * MINUTES_A_DAY

export const tagField = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must hold letters, digits and - only')
  .max(30)

export const categoryField = textField({ min: 1, max: 40 })

export type EventFieldName = (typeof eventFieldNames)[number]

/** What people say of an event, when they make it and when they edit it. */
export const eventFields = {
  title: textField({ min: 1, max: 200 }),
  description: textField({ min: 1, max: 5000, multiline: true }),
  startAt: instantField,
  endAt: instantField,
  timeZone: timeZoneField,
  location: textField({ min: 1, max: 200 }),
  onlineUrl: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .regex(new RegExp(`^[^\\s${CONTROL}]+$`), 'must not contain spaces or control characters')
    .nullable(),
  capacity: z.int().min(1).max(MAX_CAPACITY),
  category: categoryField,
  tags: z
    .array(tagField)
    .max(10)
    .transform((tags) => [...new Set(tags)]),
  visibility: z.enum(eventVisibilities),
  registrationOpensAt: instantField.nullable().describe('Nobody registers before; null: at once'),
  registrationClosesAt: instantField.nullable().describe('Nobody registers from then on; null: the start'),
  reminders: z
    .array(z.int().min(1).max(EARLIEST_REMINDER_MINUTES))
    .max(MOST_REMINDERS)
    .describe('Minutes before the start'),
  checkInOpensMinutes: z.int().min(0).max(MINUTES_A_DAY),
} satisfies Record<EventFieldName, z.ZodType>

/** Members of an event that are edited, by the column of each. */
export const editableColumns = {
  title: 'title',
  description: 'description',
  startAt: 'start_at',
  endAt: 'end_at',
  timeZone: 'time_zone',
  location: 'location',
  onlineUrl: 'online_url',
  capacity: 'capacity',
  category: 'category',
  tags: 'tags',
  visibility: 'visibility',
  registrationOpensAt: 'registration_opens_at',
  registrationClosesAt: 'registration_closes_at',
  reminders: 'reminders',
  checkInOpensMinutes: 'check_in_opens_minutes',
} as const satisfies Record<EventFieldName, string>
