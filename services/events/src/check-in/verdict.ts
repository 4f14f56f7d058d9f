import { addMilliseconds, minutes } from '@rollcall/runtime/clock'
import type { Event } from '../events/tables.ts'
import type { Registration } from '../registrations/tables.ts'

/** What a gate shows. Verdicts are answers, not errors: a scanner has to show something for each. */
export const verdictMessages = {
  checked_in: 'Welcome: checked in',
  already_checked_in: 'This ticket has been used already',
  cancelled: 'This registration has been cancelled',
  not_found: 'This is not a ticket of ours',
  wrong_event: 'This ticket is for another event',
  not_published: 'This event does not take place',
  not_yet: 'Check-in has not opened yet',
  over: 'This event is over',
  waitlisted: 'This person is on the waitlist',
} as const

export type VerdictCode = keyof typeof verdictMessages

export interface AtTheDoor {
  event: Event
  registration: Registration
  now: Date
}

/** Why a ticket does not let its holder in now; undefined when it does, unless another gate is first. */
export function refusalOf({ event, registration, now }: AtTheDoor): VerdictCode | undefined {
  if (registration.status === 'CANCELLED') return 'cancelled'
  if (event.status !== 'PUBLISHED') return 'not_published'
  if (registration.status === 'WAITLISTED') return 'waitlisted'
  if (registration.checked_in_at) return 'already_checked_in'
  if (now < addMilliseconds(event.start_at, -minutes(event.check_in_opens_minutes))) return 'not_yet'
  if (now > event.end_at) return 'over'
  return undefined
}
