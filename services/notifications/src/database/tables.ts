import type { AccessTables } from '@rollcall/access/tables'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely'
import type { Channel, DeliveryData, DeliveryState, Need } from '../deliveries/delivery.ts'
import type { LossPolicy, TemplateName } from '../templates/catalogue.ts'

/** The ledger: what was, is being and will be sent. No addresses: they are looked up when a mail is sent. */
export interface DeliveriesTable {
  /** Derived from fact, template, recipient and channel: the same fact never makes a second delivery. */
  id: string
  fact_id: string
  template: TemplateName
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

/** From `user.snapshot`. An erased person leaves id and sequence behind, so that a late message brings nobody back. */
interface RecipientsTable {
  id: string
  sequence: number
  erased: boolean
  email: string | null
  nickname: string | null
  first_name: string | null
  locale: string | null
  time_zone: string | null
}

/** From `event.snapshot`. */
interface EventsTable {
  id: string
  sequence: number
  erased: boolean
  title: string | null
  start_at: Date | null
  time_zone: string | null
  location: string | null
  status: string | null
}

/** From `registration.snapshot`. */
interface RegistrationsTable {
  id: string
  sequence: number
  erased: boolean
  event_id: string | null
  attendee_id: string | null
  status: string | null
}

export interface NotificationsDatabase extends OutboxTables, AccessTables {
  deliveries: DeliveriesTable
  recipients: RecipientsTable
  events: EventsTable
  registrations: RegistrationsTable
}

export type Delivery = Selectable<DeliveriesTable>
export type Recipient = Selectable<RecipientsTable>
