import * as access from '@rollcall/access/migration'
import type { Migrations } from '@rollcall/database/migrate'
import * as idempotency from '@rollcall/outbox/idempotency-migration'
import * as outbox from '@rollcall/outbox/migration'
import * as events from './migrations/20261121T090000Z-events.ts'
import * as registrations from './migrations/20261121T090100Z-registrations.ts'
import * as approval from './migrations/20261201T150000Z-approval.ts'
import * as waitlist from './migrations/20261201T160000Z-waitlist.ts'
import * as announcements from './migrations/20261201T170000Z-announcements.ts'
import * as door from './migrations/20261201T180000Z-door.ts'
import * as attendees from './migrations/20261201T190000Z-attendees.ts'
import * as ticketKeys from './migrations/20261201T200000Z-ticket-keys.ts'

/** Frozen once released: a change is a new migration. */
export const migrations: Migrations = {
  '20261121T080000Z-outbox': outbox,
  '20261121T080100Z-idempotency': idempotency,
  '20261121T090000Z-events': events,
  '20261121T090100Z-registrations': registrations,
  '20261121T090200Z-authorization': access,
  '20261201T150000Z-approval': approval,
  '20261201T160000Z-waitlist': waitlist,
  '20261201T170000Z-announcements': announcements,
  '20261201T180000Z-door': door,
  '20261201T190000Z-attendees': attendees,
  '20261201T200000Z-ticket-keys': ticketKeys,
}
