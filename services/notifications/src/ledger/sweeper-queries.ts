import { type Kysely, sql } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import { MOST_ATTEMPTS, transitions } from './delivery.ts'
import type { Waiting } from './enqueue.ts'
import { deliveryColumns } from './tables.ts'

type Db = Kysely<NotificationsDatabase>

/** Deliveries of dead workers that may have been sent and must not be sent twice. */
export function findUnclear(db: Db, limit: number) {
  return db
    .selectFrom('deliveries')
    .select(deliveryColumns)
    .where('state', '=', 'sending')
    .where('lease_until', '<', sql<Date>`now()`)
    .where('policy', '=', 'hold')
    .where('phase', '=', 'after-dot')
    .limit(limit)
    .execute()
}

/** Deliveries of dead workers that have had all their attempts, and may be tried again no more. */
export function findExhausted(db: Db, limit: number) {
  return db
    .selectFrom('deliveries')
    .select(deliveryColumns)
    .where('state', '=', 'sending')
    .where('lease_until', '<', sql<Date>`now()`)
    .where('attempts', '>=', MOST_ATTEMPTS)
    .where((is) => is.or([is('policy', '=', 'resend'), is('phase', 'is', null)]))
    .limit(limit)
    .execute()
}

/**
 * Gives the other deliveries of dead workers back, due at once. Their generation is raised at once too: for BullMQ the
 * old job may be in hand for another 20 s.
 */
export async function recoverAbandoned(db: Db, limit: number): Promise<Waiting[]> {
  const { from, to } = transitions.postpone
  const { rows } = await sql<Waiting>`
    update deliveries
    set state = ${to}, lease_until = null, phase = null, version = version + 1, generation = generation + 1,
      reason = 'worker-lost', due_at = now(), queued_at = now()
    where id in (
      select id from deliveries
      where state in (${sql.join(from)}) and lease_until < now() and attempts < ${MOST_ATTEMPTS}
        and (policy = 'resend' or phase is null)
      order by lease_until limit ${limit} for update skip locked
    )
    returning id, generation, due_at, traceparent
  `.execute(db)
  return rows
}

/** Deliveries that are due and whose job nobody has seen for a while. */
export function findOverdue(db: Db, { graceMs, limit }: { graceMs: number; limit: number }) {
  return db
    .selectFrom('deliveries')
    .select(['id', 'generation'])
    .where('state', 'in', transitions.claim.from)
    .where('queued_at', '<', sql<Date>`now() - make_interval(secs => ${graceMs / 1000})`)
    .orderBy('queued_at')
    .limit(limit)
    .execute()
}

/** Notes that their jobs have been seen. In the order of ids, as everybody locks who locks several. */
export async function touchQueued(db: Db, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    with held as (select id from deliveries where id = any(${ids}::uuid[]) order by id for update)
    update deliveries d set queued_at = now() from held where d.id = held.id
  `.execute(db)
}

/**
 * Gives deliveries a new job id; one that has moved on meanwhile is left alone. Their ids stand beside the join because a
 * plan that is made for any list at all would otherwise read the whole ledger.
 */
export async function raiseGenerations(db: Db, deliveries: { id: string; generation: number }[]): Promise<Waiting[]> {
  if (deliveries.length === 0) return []
  const ids = deliveries.map(({ id }) => id)
  const generations = deliveries.map(({ generation }) => generation)
  const { rows } = await sql<Waiting>`
    with held as (
      select d.id
      from unnest(${ids}::uuid[], ${generations}::int[]) as missing (id, generation)
      join deliveries d on d.id = missing.id and d.generation = missing.generation
      where d.id = any(${ids}::uuid[]) and d.state in (${sql.join(transitions.claim.from)})
      order by d.id
      for update of d
    )
    update deliveries d
    set generation = d.generation + 1, queued_at = now()
    from held where d.id = held.id
    returning d.id, d.generation, d.due_at, d.traceparent
  `.execute(db)
  return rows
}
