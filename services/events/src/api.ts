import type { Api } from '@rollcall/http/operation'
import { announcementsApi } from './announcements/api.ts'
import { approvalApi } from './approval/api.ts'
import { attendeesApi } from './attendees/api.ts'
import { calendarApi } from './calendar/api.ts'
import { categoriesApi } from './categories/api.ts'
import { checkInApi } from './check-in/api.ts'
import { eventsApi } from './events/api.ts'
import { registrationsApi } from './registrations/api.ts'
import { ticketsApi } from './tickets/api.ts'
import { waitlistApi } from './waitlist/api.ts'

/** Everything that this service serves, for the API's document. */
export const apis: Api[] = [
  categoriesApi,
  eventsApi,
  approvalApi,
  registrationsApi,
  waitlistApi,
  announcementsApi,
  ticketsApi,
  checkInApi,
  attendeesApi,
  calendarApi,
]
