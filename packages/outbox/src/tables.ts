import { columnsOf } from '@rollcall/database/columns'
import type { ColumnType, Generated, Insertable, Selectable } from 'kysely'

/** Messages that are committed and not yet acknowledged by Kafka. */
interface OutboxTable {
  /** Order of insertion; per key the order of commits, because every write locks its aggregate's row first. */
  position: ColumnType<number, never, never>
  id: string
  topic: string
  key: string
  type: string
  source: string
  subject: string
  /** ISO 8601. Text, like `data`: what was validated is sent byte by byte. */
  time: string
  dataschema: string
  sequence: number
  /** JSON; null: a tombstone. */
  data: string | null
  traceparent: string | null
  created_at: Generated<Date>
}

export const outboxColumns = columnsOf<OutboxTable>({
  position: true,
  id: true,
  topic: true,
  key: true,
  type: true,
  source: true,
  subject: true,
  time: true,
  dataschema: true,
  sequence: true,
  data: true,
  traceparent: true,
  created_at: true,
})

/** One row: which relay is active, until when by the database's clock. */
interface OutboxLeaseTable {
  id: Generated<number>
  owner: string
  expires_at: Date
}

/** Messages that the broker refuses for themselves, with the code of its refusal. */
interface OutboxParkedTable extends Omit<OutboxTable, 'position' | 'created_at'> {
  position: number
  created_at: Date
  parked_at: Generated<Date>
  reason: string
}

export interface OutboxTables {
  outbox: OutboxTable
  outbox_lease: OutboxLeaseTable
  outbox_parked: OutboxParkedTable
}

export type OutboxRow = Selectable<OutboxTable>
export type NewOutboxRow = Insertable<OutboxTable>
