import type { IdempotencyTables } from '@rollcall/outbox/idempotency'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { AccountTables } from '../accounts/tables.ts'
import type { AuditTables } from '../audit/tables.ts'
import type { KeyTables } from '../keys/tables.ts'
import type { LinkTables } from '../links/tables.ts'
import type { LockoutTables } from '../lockouts/tables.ts'
import type { ProfessionalTables } from '../professionals/tables.ts'
import type { SessionTables } from '../sessions/tables.ts'

export interface UsersDatabase
  extends OutboxTables,
    IdempotencyTables,
    AccountTables,
    AuditTables,
    KeyTables,
    LinkTables,
    LockoutTables,
    ProfessionalTables,
    SessionTables {}
