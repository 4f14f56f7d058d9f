import * as access from '@rollcall/access/migration'
import type { Migrations } from '@rollcall/database/migrate'
import * as outbox from '@rollcall/outbox/migration'
import * as deliveries from './migrations/20261121T090000Z-deliveries.ts'
import * as projections from './migrations/20261121T090100Z-projections.ts'
import * as recipients from './migrations/20261125T080100Z-recipients.ts'
import * as provenAddresses from './migrations/20261125T080200Z-proven-addresses.ts'

/** Frozen once released: a change is a new migration. */
export const migrations: Migrations = {
  '20261121T080000Z-outbox': outbox,
  '20261121T090000Z-deliveries': deliveries,
  '20261121T090100Z-projections': projections,
  '20261125T080000Z-access': access,
  '20261125T080100Z-recipients': recipients,
  '20261125T080200Z-proven-addresses': provenAddresses,
}
