import type { Route } from '@rollcall/http/operation'
import { type AnnouncementRouteDeps, announcementRoutes } from './announcements/routes.ts'
import { type ApprovalRouteDeps, approvalRoutes } from './approval/routes.ts'
import { attendeeRoutes } from './attendees/routes.ts'
import { type CalendarRouteDeps, calendarRoutes } from './calendar/routes.ts'
import { categoryRoutes } from './categories/routes.ts'
import { checkInRoutes } from './check-in/routes.ts'
import type { VerifyTicketDeps } from './check-in/verify-ticket.ts'
import { type EventRouteDeps, eventRoutes } from './events/routes.ts'
import { type RegistrationRouteDeps, registrationRoutes } from './registrations/routes.ts'
import { type TicketRouteDeps, ticketRoutes } from './tickets/routes.ts'
import { type WaitlistRouteDeps, waitlistRoutes } from './waitlist/routes.ts'

export type EventsHttpDeps = WaitlistRouteDeps &
  EventRouteDeps &
  ApprovalRouteDeps &
  AnnouncementRouteDeps &
  CalendarRouteDeps &
  RegistrationRouteDeps &
  TicketRouteDeps &
  VerifyTicketDeps

export function eventsRoutes(deps: EventsHttpDeps): Route[] {
  return [
    ...categoryRoutes(deps),
    ...eventRoutes(deps),
    ...approvalRoutes(deps),
    ...registrationRoutes(deps),
    ...waitlistRoutes(deps),
    ...announcementRoutes(deps),
    ...ticketRoutes(deps),
    ...checkInRoutes(deps),
    ...attendeeRoutes(deps),
    ...calendarRoutes(deps),
  ]
}
