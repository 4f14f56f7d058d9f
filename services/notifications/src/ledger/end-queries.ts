import type { OutgoingMessage } from '@rollcall/contracts/message'
import { outboxInsert, outboxInsertOf, outboxRow } from '@rollcall/outbox/append'
import type { NewOutboxRow } from '@rollcall/outbox/tables'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import { type EndingAction, transitions } from './delivery.ts'
import type { Why } from './queries.ts'
import type { Delivery } from './tables.ts'

type Db = Kysely<NotificationsDatabase>

export interface End extends Why {
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
export function endDelivery(db: Db, delivery: Ended, { fact, ...end }: End): Promise<boolean> {
  return writeEnd(db, delivery, { ...end, row: outboxRow(fact) })
}

interface WrittenEnd extends Why {
  action: EndingAction
  at: Date
  row: NewOutboxRow
}

async function writeEnd(db: Db, { id, version }: Ended, end: WrittenEnd): Promise<boolean> {
  const { action, reason, reply, at, row } = end
  const { from, to } = transitions[action]
  const { rows } = await sql`
    with ended as (
      update deliveries
      set state = ${to}, version = version + 1, lease_until = null, phase = null, data = data - 'sealed',
        reason = ${reason ?? null}, smtp_reply = coalesce(${reply ?? null}, smtp_reply),
        sent_at = ${to === 'sent' ? at : null}
      where id = ${id} and version = ${version} and state in (${sql.join(from)})
      returning id
    ), told as (${outboxInsert('ended', [row])})
    select id from ended`.execute(db)
  return rows.length === 1
}

type Ended = Pick<Delivery, 'id' | 'version'>

/** The server has taken it, and said so. */
export interface Accept extends Pick<End, 'at' | 'fact'> {
  delivery: Ended
  reply: string
}

/** With its fact as it is stored, in the trace of its own attempt: together with others it would be in theirs. */
export interface TracedAccept extends Omit<Accept, 'fact'> {
  row: NewOutboxRow
}

export function traced({ fact, ...accept }: Accept): TracedAccept {
  return { ...accept, row: outboxRow(fact) }
}

/** Ends one as `sent`, like {@link endDelivery}. */
export function acceptDelivery(db: Db, { delivery, ...end }: TracedAccept): Promise<boolean> {
  return writeEnd(db, delivery, { action: 'accept', ...end })
}

/** The same for several in one statement; gives for each whether it was this call that ended it. */
export async function acceptDeliveries(db: Db, accepts: readonly TracedAccept[]): Promise<boolean[]> {
  const { rows } = await acceptManyStatement(accepts).execute(db)
  const ended = new Set(rows.map(({ message_id }) => message_id))
  return accepts.map(({ row }) => ended.has(row.id))
}

/** For a look at its plan as well. */
export function acceptManyStatement(accepts: readonly TracedAccept[]): RawBuilder<{ message_id: string }> {
  const { from, to } = transitions.accept
  const ids = accepts.map(({ delivery }) => delivery.id)
  const input = accepts.map(({ delivery: { id, version }, reply, at, row }) => {
    return { id, version, reply, at, message_id: row.id }
  })
  // Locked in the order of ids first, as claims do it. The ids stand beside the join: a plan for any list at all would
  // otherwise read the whole ledger.
  return sql<{ message_id: string }>`
    with held as (
      select d.id, i.reply, i.at, i.message_id
      from json_to_recordset(${JSON.stringify(input)}) as i (id uuid, version bigint, reply text, at timestamptz,
        message_id uuid)
      join deliveries d on d.id = i.id and d.version = i.version
      where d.id = any(${ids}::uuid[]) and d.state in (${sql.join(from)})
      order by d.id
      for update of d
    ), ended as (
      update deliveries d
      set state = ${to}, version = d.version + 1, lease_until = null, phase = null, data = d.data - 'sealed',
        reason = null, smtp_reply = coalesce(held.reply, d.smtp_reply), sent_at = held.at
      from held where d.id = held.id
      returning held.message_id
    ), told as (${outboxInsertOf(
      'ended',
      accepts.map(({ row }) => row),
    )})
    select message_id from ended`
}
