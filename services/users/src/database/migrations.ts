import type { Migrations } from '@rollcall/database/migrate'
import * as idempotency from '@rollcall/outbox/idempotency-migration'
import * as outbox from '@rollcall/outbox/migration'
import * as users from './migrations/20261121T090000Z-users.ts'
import * as sessions from './migrations/20261121T090100Z-sessions.ts'
import * as linkRequests from './migrations/20261125T090000Z-link-requests.ts'
import * as linkMails from './migrations/20261125T100000Z-link-mails-by-mailbox.ts'
import * as admins from './migrations/20261125T110000Z-admins.ts'
import * as profiles from './migrations/20261201T100000Z-profiles.ts'
import * as signIn from './migrations/20261201T103000Z-sign-in.ts'
import * as audit from './migrations/20261201T110000Z-audit.ts'
import * as people from './migrations/20261201T120000Z-people.ts'
import * as keyRotation from './migrations/20261201T130000Z-key-rotation.ts'
import * as peopleIndexes from './migrations/20261201T140000Z-people-indexes.ts'

/** Frozen once released: a change is a new migration. */
export const migrations: Migrations = {
  '20261121T080000Z-outbox': outbox,
  '20261121T080100Z-idempotency': idempotency,
  '20261121T090000Z-users': users,
  '20261121T090100Z-sessions': sessions,
  '20261125T090000Z-link-requests': linkRequests,
  '20261125T100000Z-link-mails-by-mailbox': linkMails,
  '20261125T110000Z-admins': admins,
  '20261201T100000Z-profiles': profiles,
  '20261201T103000Z-sign-in': signIn,
  '20261201T110000Z-audit': audit,
  '20261201T120000Z-people': people,
  '20261201T130000Z-key-rotation': keyRotation,
  '20261201T140000Z-people-indexes': peopleIndexes,
}
