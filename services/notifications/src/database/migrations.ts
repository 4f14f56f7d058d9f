import type { Migrations } from '@rollcall/database/migrate'
import * as outbox from '@rollcall/outbox/migration'
import * as deliveries from './migrations/20261121T090000Z-deliveries.ts'
import * as projections from './migrations/20261121T090100Z-projections.ts'

/** Frozen once released: a change is a new migration. */
export const migrations: Migrations = {
  '20261121T080000Z-outbox': outbox,
  '20261121T090000Z-deliveries': deliveries,
  '20261121T090100Z-projections': projections,
}
