import { columnsOf } from '@rollcall/database/columns'
import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely'
import type { Channel, DeliveryData, DeliveryState, LossPolicy, Need } from './delivery.ts'

/** The ledger: what was, is being and will be sent. No addresses: they are looked up when a mail is sent. */
export interface DeliveriesTable {
  /** Derived from fact, template, recipient and channel: the same fact never makes a second delivery. */
  id: string
  fact_id: string
  /** The mail's name. */
  template: string
  channel: Channel
  recipient_id: string
  /** Ids that the mail is about, and what came sealed with the fact. */
  data: JSONColumnType<DeliveryData>
  policy: LossPolicy
  state: Generated<DeliveryState>
  /** Raised by every write; facts about the delivery carry it as their sequence. */
  version: Generated<number>
  /** Part of the job's id: a job of an older generation does nothing. */
  generation: Generated<number>
  attempts: Generated<number>
  /** Until when the worker that has claimed it is believed to live, by the database's clock. */
  lease_until: Date | null
  /** Written before the final dot under `hold`. */
  phase: 'after-dot' | null
  message_id: string
  smtp_reply: string | null
  reason: string | null
  send_before: Date
  due_at: Generated<Date>
  /** When a job for it was last known to be in the queue. */
  queued_at: Generated<Date>
  /** What the projections must know before the mail can be written. */
  needs: JSONColumnType<Need[]>
  traceparent: string | null
  created_at: ColumnType<Date, Date, never>
  sent_at: Date | null
}

export const deliveryColumns = columnsOf<DeliveriesTable>({
  id: true,
  fact_id: true,
  template: true,
  channel: true,
  recipient_id: true,
  data: true,
  policy: true,
  state: true,
  version: true,
  generation: true,
  attempts: true,
  lease_until: true,
  phase: true,
  message_id: true,
  smtp_reply: true,
  reason: true,
  send_before: true,
  due_at: true,
  queued_at: true,
  needs: true,
  traceparent: true,
  created_at: true,
  sent_at: true,
})

export interface LedgerTables {
  deliveries: DeliveriesTable
}

export type Delivery = Selectable<DeliveriesTable>
