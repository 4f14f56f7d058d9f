import { columnsOf } from '@rollcall/database/columns'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import { transitions } from './delivery.ts'
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
export function listed(columns: readonly string[], table?: string) {
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

export function findDelivery(db: Db, id: string) {
  return db.selectFrom('deliveries').select(deliveryColumns).where('id', '=', id).executeTakeFirst()
}

/** Who decides about people now, as far as this service knows. */
export async function findStaff(db: Kysely<NotificationsDatabase>): Promise<string[]> {
  const rows = await db
    .selectFrom('known_users')
    .select('id')
    .where('role', 'in', ['manager', 'admin'])
    .where('locked', '=', false)
    .where('erased', '=', false)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}
