import type { Route } from '@rollcall/http/operation'
import { checkInRoutes } from './check-in/routes.ts'
import type { VerifyTicketDeps } from './check-in/verify-ticket.ts'
import { type EventRouteDeps, eventRoutes } from './events/routes.ts'
import { type RegistrationRouteDeps, registrationRoutes } from './registrations/routes.ts'
import { type TicketRouteDeps, ticketRoutes } from './tickets/routes.ts'

export type EventsHttpDeps = EventRouteDeps & RegistrationRouteDeps & TicketRouteDeps & VerifyTicketDeps

export function eventsRoutes(deps: EventsHttpDeps): Route[] {
  return [...eventRoutes(deps), ...registrationRoutes(deps), ...ticketRoutes(deps), ...checkInRoutes(deps)]
}
