import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { DeliveriesTable, Delivery, NotificationsDatabase, Recipient } from '../database/tables.ts'
import { type Action, type DeliveryState, transitions } from './delivery.ts'

type Db = Kysely<NotificationsDatabase>
type Tx = Transaction<NotificationsDatabase>

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

/** Adds what is not there yet; a fact seen before changes nothing. */
export async function insertDeliveries(db: Db, deliveries: NewDelivery[]): Promise<void> {
  const rows = deliveries.map(({ data, needs, ...row }) => ({
    ...row,
    data: JSON.stringify(data),
    needs: JSON.stringify(needs),
  }))
  await db
    .insertInto('deliveries')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/** Those of `ids` that wait for a worker. */
export function findWaiting(db: Db, ids: string[]) {
  return db
    .selectFrom('deliveries')
    .select(['id', 'generation', 'due_at', 'traceparent'])
    .where('id', 'in', ids)
    .where('state', 'in', transitions.claim.from)
    .execute()
}

interface Claim {
  id: string
  generation: number
  /** Milliseconds after which another worker may think that this one has died. */
  leaseMs: number
}

export type Claimed = { kind: 'claimed'; delivery: Delivery } | { kind: 'not-yet'; age: number; sendBefore: Date }

/**
 * Takes a delivery for one attempt, if it still waits, is of this generation, and the projections know what it needs.
 * Undefined: there is nothing to do. One round trip, because every mail makes it.
 */
export async function claimDelivery(db: Db, { id, generation, leaseMs }: Claim): Promise<Claimed | undefined> {
  const { from, to } = transitions.claim
  const { rows } = await sql<Partial<Delivery> & { ready: boolean; age: number; limit: Date }>`
    with candidate as (
      select d.id, d.send_before as limit, extract(epoch from now() - d.created_at) * 1000 as age,
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
      for update of d skip locked
    ), claimed as (
      update deliveries d
      set state = ${to}, attempts = d.attempts + 1, version = d.version + 1, phase = null, reason = null,
        lease_until = now() + make_interval(secs => ${leaseMs / 1000})
      from candidate c where c.id = d.id and c.ready
      returning d.*
    )
    select claimed.*, candidate.ready, candidate.limit, candidate.age::float8 as age
    from candidate left join claimed on true
  `.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { ready, limit, age, ...delivery } = row
  // A left join without its right side has columns, all of them null.
  return ready ? { kind: 'claimed', delivery: delivery as Delivery } : { kind: 'not-yet', age, sendBefore: limit }
}

export interface MailContext {
  recipient: Recipient | undefined
  event: Selectable<NotificationsDatabase['events']> | undefined
  registration: Selectable<NotificationsDatabase['registrations']> | undefined
}

/** What the projections know about a mail's people and things. */
export async function findMailContext(db: Db, { recipient_id, data }: Delivery): Promise<MailContext> {
  const find = <Table extends 'recipients' | 'events' | 'registrations'>(table: Table, id: string | undefined) =>
    id === undefined
      ? undefined
      : // The union of tables is too wide for Kysely's types; all of them have an id.
        db
          .selectFrom(table as 'recipients')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst()
  const [recipient, event, registration] = await Promise.all([
    find('recipients', recipient_id),
    find('events', data.eventId) as Promise<MailContext['event']>,
    find('registrations', data.registrationId) as Promise<MailContext['registration']>,
  ])
  return { recipient, event, registration }
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

export interface Move {
  action: Action
  reason?: string
  reply?: string
  /** From now; only for `postpone`. */
  delayMs?: number
  at?: Date
}

/**
 * Moves a delivery as its transition table allows, if nobody has moved it since `version`.
 *
 * @returns its new version, or undefined when somebody has: then they decided what becomes of it
 */
export async function moveDelivery(db: Db | Tx, { id, version }: Delivery, move: Move): Promise<number | undefined> {
  const { from, to } = transitions[move.action]
  const row = await db
    .updateTable('deliveries')
    .set((eb) => ({
      state: to,
      version: eb('version', '+', 1),
      lease_until: null,
      phase: null,
      reason: move.reason ?? null,
      ...(move.reply === undefined ? {} : { smtp_reply: move.reply }),
      ...(to === 'sent' ? { sent_at: move.at ?? sql<Date>`now()` } : {}),
      ...(to === 'retry' ? retryColumns(move.delayMs ?? 0) : { data: withoutSealed }),
    }))
    .where('id', '=', id)
    .where('version', '=', version)
    .where('state', 'in', from as readonly DeliveryState[])
    .returning('version')
    .executeTakeFirst()
  return row?.version
}

/** A secret is of no use once nothing more is sent. */
const withoutSealed = sql<string>`data - 'sealed'`

function retryColumns(delayMs: number) {
  const dueAt = sql<Date>`now() + make_interval(secs => ${delayMs / 1000})`
  return { due_at: dueAt, queued_at: dueAt }
}

export function findDelivery(db: Db, id: string) {
  return db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
}
