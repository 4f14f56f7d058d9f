import type { OutgoingMessage } from '@rollcall/contracts/message'
import { columnsOf } from '@rollcall/database/columns'
import { outboxInsert, outboxRows } from '@rollcall/outbox/append'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import type { Recipient } from '../projections/tables.ts'
import { type EndingAction, transitions } from './delivery.ts'
import type { Waiting } from './enqueue.ts'
import type { Reason } from './reasons.ts'
import { type DeliveriesTable, type Delivery, deliveryColumns } from './tables.ts'

type Db = Kysely<NotificationsDatabase>

export type NewDelivery = Pick<
  Selectable<DeliveriesTable>,
  | 'id'
  | 'fact_id'
  | 'template'
  | 'channel'
  | 'recipient_id'
  | 'data'
  | 'policy'
  | 'message_id'
  | 'send_before'
  | 'needs'
  | 'created_at'
> & { traceparent: string | null }

const newDeliveryColumns = columnsOf<NewDelivery>({
  id: true,
  fact_id: true,
  template: true,
  channel: true,
  recipient_id: true,
  data: true,
  policy: true,
  message_id: true,
  send_before: true,
  needs: true,
  created_at: true,
  traceparent: true,
})

/** Adds what is not there yet and gives it; a fact seen before changes nothing. One text, however many there are. */
export async function insertDeliveries(db: Db, deliveries: NewDelivery[]): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    insert into deliveries (${listed(newDeliveryColumns)})
    select ${listed(newDeliveryColumns)} from json_populate_recordset(null::deliveries, ${JSON.stringify(deliveries)})
    on conflict (id) do nothing
    returning id, generation, due_at, traceparent
  `.execute(db)
  return rows
}

/** Names of columns for a statement, of the table that it calls so. */
function listed(columns: readonly string[], table?: string) {
  return sql.join(columns.map((column) => sql.ref(table === undefined ? column : `${table}.${column}`)))
}

/** Those of `ids` that wait for a worker. */
export async function findWaiting(db: Db, ids: string[]): Promise<Waiting[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('deliveries')
    .select(['id', 'generation', 'due_at', 'traceparent'])
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('state', 'in', transitions.claim.from)
    .execute()
}

interface Claim {
  id: string
  generation: number
  /** Milliseconds after which another worker may think that this one has died. */
  leaseMs: number
}

/** What the projections know about a mail's people and things. */
export interface MailContext {
  recipient: Recipient | null
  event: KnownEvent | null
  registration: Selectable<NotificationsDatabase['registrations']> | null
}

/** As JSON: its time is text. */
export type KnownEvent = Omit<Selectable<NotificationsDatabase['events']>, 'start_at'> & { start_at: string | null }

export type Claimed =
  | { kind: 'claimed'; delivery: Delivery; context: MailContext }
  /** `ageMs`: since it was put into the queue, however old its fact is. */
  | { kind: 'not-yet'; ageMs: number; sendBefore: Date }

/**
 * Takes a delivery for one attempt, if it still waits, is of this generation, and the projections know what it needs.
 * Undefined: there is nothing to do. One round trip, because every mail makes it. It waits for whoever has the row locked:
 * skipping it would end the job though the delivery still waits.
 */
export async function claimDelivery(db: Db, { id, generation, leaseMs }: Claim): Promise<Claimed | undefined> {
  const { from, to } = transitions.claim
  const { rows } = await sql<Delivery & MailContext & { ready: boolean; age_ms: number; limit_at: Date }>`
    with candidate as (
      select d.id, d.send_before as limit_at, (extract(epoch from now() - d.queued_at) * 1000)::float8 as age_ms,
        not exists (
          select from jsonb_to_recordset(d.needs) as need (projection text, id uuid, sequence bigint)
          where need.sequence > coalesce(case need.projection
            when 'recipients' then (select r.sequence from recipients r where r.id = need.id)
            when 'events' then (select e.sequence from events e where e.id = need.id)
            when 'registrations' then (select g.sequence from registrations g where g.id = need.id)
          end, -1)
        ) as ready
      from deliveries d
      where d.id = ${id} and d.generation = ${generation} and d.state in (${sql.join(from)})
      for update of d
    ), claimed as (
      update deliveries d
      set state = ${to}, attempts = d.attempts + 1, version = d.version + 1, phase = null, reason = null,
        lease_until = now() + make_interval(secs => ${leaseMs / 1000})
      from candidate c where c.id = d.id and c.ready
      returning ${listed(deliveryColumns, 'd')}
    )
    select ${listed(deliveryColumns, 'claimed')}, candidate.ready, candidate.limit_at, candidate.age_ms,
      to_jsonb(r) as recipient, to_jsonb(e) as event, to_jsonb(g) as registration
    from candidate
    left join claimed on true
    left join recipients r on r.id = claimed.recipient_id
    left join events e on e.id = (claimed.data->>'eventId')::uuid
    left join registrations g on g.id = (claimed.data->>'registrationId')::uuid
  `.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { ready, limit_at, age_ms, recipient, event, registration, ...delivery } = row
  if (!ready) return { kind: 'not-yet', ageMs: age_ms, sendBefore: limit_at }
  return { kind: 'claimed', delivery, context: { recipient, event, registration } }
}

/** Under `hold`, before the final dot goes out: from here on nobody can know, until the server's answer is written. */
export async function markAfterDot(db: Db, { id, version }: Delivery): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ phase: 'after-dot' })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('state', '=', transitions.claim.to)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new Error('the delivery is no longer ours')
}

/** Why a delivery moves, and the server's words where it said something. */
export interface Why {
  reason?: Reason
  reply?: string
}

/** To be tried again. False when somebody else has moved it since: then they decided what becomes of it. */
export async function postponeDelivery(
  db: Db,
  delivery: Delivery,
  { delayMs, reason, reply }: Why & { delayMs: number },
) {
  const { from, to } = transitions.postpone
  const { numAffectedRows } = await sql`
    update deliveries
    set state = ${to}, version = version + 1, lease_until = null, phase = null, reason = ${reason ?? null},
      smtp_reply = coalesce(${reply ?? null}, smtp_reply),
      due_at = now() + make_interval(secs => ${delayMs / 1000}),
      queued_at = now() + make_interval(secs => ${delayMs / 1000})
    where id = ${delivery.id} and version = ${delivery.version} and state in (${sql.join(from)})
  `.execute(db)
  return numAffectedRows === 1n
}

interface End extends Why {
  action: EndingAction
  at: Date
  /** Tells of it; written together with it. */
  fact: OutgoingMessage
}

/**
 * Ends a delivery and writes the fact that tells so, in one statement and so in one transaction. What came sealed goes: a
 * secret is of no use once nothing more is sent.
 *
 * @returns whether it was this call that ended it; false when somebody else has moved it since
 */
export async function endDelivery(db: Db, delivery: Delivery, end: End): Promise<boolean> {
  const { action, reason, reply, at, fact } = end
  const { from, to } = transitions[action]
  const { rows } = await sql`
    with ended as (
      update deliveries
      set state = ${to}, version = version + 1, lease_until = null, phase = null, data = data - 'sealed',
        reason = ${reason ?? null}, smtp_reply = coalesce(${reply ?? null}, smtp_reply),
        sent_at = ${to === 'sent' ? at : null}
      where id = ${delivery.id} and version = ${delivery.version} and state in (${sql.join(from)})
      returning id
    ), told as (${outboxInsert('ended', outboxRows([fact]))})
    select id from ended`.execute(db)
  return rows.length === 1
}

export function findDelivery(db: Db, id: string) {
  return db.selectFrom('deliveries').select(deliveryColumns).where('id', '=', id).executeTakeFirst()
}
