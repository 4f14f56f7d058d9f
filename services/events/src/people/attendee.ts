import { z } from 'zod'

/** Somebody who holds a place, as whoever manages the event sees them. */
export const AttendeeSchema = z
  .object({
    userId: z.uuid().nullable().describe('null for a guest, who has no account'),
    nickname: z.string().nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
  })
  .meta({ id: 'Attendee' })

export type Attendee = z.infer<typeof AttendeeSchema>

/** What is known of an attendee, joined to what names them; null where their snapshot has not come yet. */
export interface AttendeeRow {
  attendee_id: string
  nickname: string | null
  first_name: string | null
  last_name: string | null
  email: string | null
  guest_id: string | null
  guest_name: string | null
  guest_email: string | null
}

/** Columns of an {@link AttendeeRow} beside the id. */
export const attendeeColumns = [
  'people.nickname',
  'people.first_name',
  'people.last_name',
  'people.email',
  'guests.id as guest_id',
  'guests.name as guest_name',
  'guests.email as guest_email',
] as const

export function toAttendee(row: AttendeeRow): Attendee {
  if (row.guest_id) return { userId: null, nickname: null, name: row.guest_name, email: row.guest_email }
  const name = [row.first_name, row.last_name].filter((part) => part).join(' ')
  return { userId: row.attendee_id, nickname: row.nickname, name: name === '' ? null : name, email: row.email }
}
