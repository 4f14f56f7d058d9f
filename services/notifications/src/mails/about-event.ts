import { formatMoment } from '../rendering/format-moment.ts'
import type { ContentDeps, ContentRequest } from '../sending/mail-content.ts'

/** Variables of every mail about an event, with sample values. */
export const eventVariables = {
  eventUrl: 'https://rollcall.example/events/01985f00-7a4e-7cc1-9b5d-2f4f0f7f9c11',
  recipientName: 'Ada',
  eventTitle: 'Meet the compilers',
  eventStart: 'Monday, 1 June 2026 at 18:00 (CEST)',
  eventLocation: 'Room 12',
}

export const eventGone = { ended: 'cancel', reason: 'event-gone' } as const

type AboutEvent = Pick<ContentRequest<{ eventId: string }>, 'event' | 'addressee' | 'data'>

/** Their values, or undefined for an event that is not known any more. */
export function aboutEvent({ publicUrl }: Pick<ContentDeps, 'publicUrl'>, { event, addressee, data }: AboutEvent) {
  if (!event) return undefined
  const { title, start_at: start, time_zone: timeZone, location } = event
  if (title === null || start === null || timeZone === null || location === null) return undefined
  return {
    eventUrl: `${publicUrl}/events/${data.eventId}`,
    recipientName: addressee.name,
    eventTitle: title,
    eventStart: formatMoment(new Date(start), { locale: addressee.locale, timeZone }),
    eventLocation: location,
  }
}
