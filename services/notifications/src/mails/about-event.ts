import { formatMoment } from '../rendering/format-moment.ts'
import type { ContentRequest } from '../sending/mail-content.ts'

/** Variables of every mail about an event, with sample values. */
export const eventVariables = {
  recipientName: 'Ada',
  eventTitle: 'Meet the compilers',
  eventStart: 'Monday, 1 June 2026 at 18:00 (CEST)',
  eventLocation: 'Room 12',
}

export const eventGone = { ended: 'cancel', reason: 'event-gone' } as const

/** Their values, or undefined for an event that is not known any more. */
export function aboutEvent({ event, addressee }: Pick<ContentRequest<unknown>, 'event' | 'addressee'>) {
  if (!event) return undefined
  const { title, start_at: start, time_zone: timeZone, location } = event
  if (title === null || start === null || timeZone === null || location === null) return undefined
  return {
    recipientName: addressee.name,
    eventTitle: title,
    eventStart: formatMoment(new Date(start), { locale: addressee.locale, timeZone }),
    eventLocation: location,
  }
}
