import type { AccessTables } from '@rollcall/access/tables'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { LedgerTables } from '../ledger/tables.ts'
import type { ProjectionTables } from '../projections/tables.ts'

export interface NotificationsDatabase extends OutboxTables, AccessTables, LedgerTables, ProjectionTables {}
