import type { AccessTables } from '@rollcall/access/tables'
import type { IdempotencyTables } from '@rollcall/outbox/idempotency'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { CheckInTables } from '../check-in/tables.ts'
import type { EventTables } from '../events/tables.ts'
import type { PeopleTables } from '../people/tables.ts'
import type { RegistrationTables } from '../registrations/tables.ts'

export interface EventsDatabase
  extends OutboxTables,
    IdempotencyTables,
    AccessTables,
    PeopleTables,
    EventTables,
    RegistrationTables,
    CheckInTables {}
