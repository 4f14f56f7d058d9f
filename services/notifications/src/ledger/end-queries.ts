import { outboxInsert, outboxInsertOf } from '@rollcall/outbox/append'
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
  /** Tells of it, with the trace of its own attempt; written together with it. */
  fact: NewOutboxRow
}

/**
 * Ends a delivery and writes the fact that tells so, in one statement and so in one transaction. What came sealed goes: a
 * secret is of no use once nothing more is sent.
 *
 * @returns whether it was this call that ended it; false when somebody else has moved it since
 */
export async function endDelivery(db: Db, { id, version }: Ended, end: End): Promise<boolean> {
  const { action, reason, reply, at, fact } = end
  const { from, to } = transitions[action]
  const { rows } = await sql`
    with ended as (
      update deliveries
      set state = ${to}, version = version + 1, lease_until = null, phase = null, data = data - 'sealed',
        reason = ${reason ?? null}, smtp_reply = coalesce(${reply ?? null}, smtp_reply),
        sent_at = ${to === 'sent' ? at : null}
      where id = ${id} and version = ${version} and state in (${sql.join(from)})
      returning id
    ), told as (${outboxInsert('ended', [fact])})
    select id from ended`.execute(db)
  return rows.length === 1
}

type Ended = Pick<Delivery, 'id' | 'version'>

/** The server has taken it, and said so. */
export interface Accept extends Pick<End, 'at' | 'fact'> {
  delivery: Ended
  reply: string
}

/** Ends several as `sent`, like {@link endDelivery}, in one statement; gives for each whether it was this one that did. */
export async function acceptDeliveries(db: Db, accepts: readonly Accept[]): Promise<boolean[]> {
  const { rows } = await acceptManyStatement(accepts).execute(db)
  const ended = new Set(rows.map(({ message_id }) => message_id))
  return accepts.map(({ fact }) => ended.has(fact.id))
}

/** For a look at its plan as well. */
export function acceptManyStatement(accepts: readonly Accept[]): RawBuilder<{ message_id: string }> {
  const { from, to } = transitions.accept
  const ids = accepts.map(({ delivery }) => delivery.id)
  const input = accepts.map(({ delivery: { id, version }, reply, at, fact }) => {
    return { id, version, reply, at, message_id: fact.id }
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
      accepts.map(({ fact }) => fact),
    )})
    select message_id from ended`
}
