import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { NotificationsDatabase } from '../database/tables.ts'
import type { Recipient } from '../projections/tables.ts'
import { jobIdOf, transitions } from './delivery.ts'
import { listed } from './queries.ts'
import { type Delivery, deliveryColumns } from './tables.ts'

type Db = Kysely<NotificationsDatabase>

export interface Claim {
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
export async function claimDelivery(db: Db, claim: Claim): Promise<Claimed | undefined> {
  const { id, generation, leaseMs } = claim
  const wanted = sql`select ${id}::uuid as id, ${generation}::int as generation, ${leaseMs / 1000}::float8 as lease_seconds`
  const { rows } = await claimStatement({ wanted, condition: sql`d.id = ${id}` }).execute(db)
  return rows[0] && toClaimed(rows[0])
}

/**
 * The same for several in one statement. Of two claims to one delivery the first has it, as if they had come one after
 * the other.
 */
export async function claimDeliveries(db: Db, claims: readonly Claim[]): Promise<(Claimed | undefined)[]> {
  const { rows } = await claimManyStatement(claims).execute(db)
  const found = new Map(
    rows.map((row) => [jobIdOf({ id: row.candidate_id, generation: row.candidate_generation }), row]),
  )
  return claims.map((claim) => {
    const row = found.get(jobIdOf(claim))
    if (row?.ready) found.delete(jobIdOf(claim))
    return row && toClaimed(row)
  })
}

/** For a look at its plan as well. */
export function claimManyStatement(claims: readonly Claim[]): RawBuilder<ClaimRow> {
  // A row that is joined twice would be updated with either lease.
  const distinct = [...new Map(claims.toReversed().map((claim) => [jobIdOf(claim), claim])).values()]
  const ids = distinct.map(({ id }) => id)
  const generations = distinct.map(({ generation }) => generation)
  const leases = distinct.map(({ leaseMs }) => leaseMs / 1000)
  const wanted = sql`
    select w.id, w.generation, w.lease_seconds
    from unnest(${ids}::uuid[], ${generations}::int[], ${leases}::float8[]) as w (id, generation, lease_seconds)`
  // Beside the join: a plan for any list at all would otherwise read the whole ledger.
  return claimStatement({ wanted, condition: sql`d.id = any(${ids}::uuid[])` })
}

type ClaimRow = Delivery &
  MailContext & { candidate_id: string; candidate_generation: number; ready: boolean; age_ms: number; limit_at: Date }

interface Wanted {
  /** Rows of id, generation and lease_seconds. */
  wanted: RawBuilder<unknown>
  /** Of the deliveries `d`: the same ids. */
  condition: RawBuilder<unknown>
}

/** In the order of ids, as everybody who locks several: so no two statements ever wait for each other. */
function claimStatement({ wanted, condition }: Wanted): RawBuilder<ClaimRow> {
  const { from, to } = transitions.claim
  return sql<ClaimRow>`
    with candidate as (
      select d.id, d.generation, wanted.lease_seconds, d.send_before as limit_at,
        (extract(epoch from now() - d.queued_at) * 1000)::float8 as age_ms,
        not exists (
          select from jsonb_to_recordset(d.needs) as need (projection text, id uuid, sequence bigint)
          where need.sequence > coalesce(case need.projection
            when 'recipients' then (select r.sequence from recipients r where r.id = need.id)
            when 'events' then (select e.sequence from events e where e.id = need.id)
            when 'registrations' then (select g.sequence from registrations g where g.id = need.id)
          end, -1)
        ) as ready
      from (${wanted}) as wanted
      join deliveries d on d.id = wanted.id and d.generation = wanted.generation
      where ${condition} and d.state in (${sql.join(from)})
      order by d.id
      for update of d
    ), claimed as (
      update deliveries d
      set state = ${to}, attempts = d.attempts + 1, version = d.version + 1, phase = null, reason = null,
        lease_until = now() + make_interval(secs => c.lease_seconds)
      from candidate c where c.id = d.id and c.ready
      returning ${listed(deliveryColumns, 'd')}
    )
    select ${listed(deliveryColumns, 'claimed')}, candidate.id as candidate_id,
      candidate.generation as candidate_generation, candidate.ready, candidate.limit_at, candidate.age_ms,
      to_jsonb(r) as recipient, to_jsonb(e) as event, to_jsonb(g) as registration
    from candidate
    left join claimed on claimed.id = candidate.id
    left join recipients r on r.id = claimed.recipient_id
    left join events e on e.id = (claimed.data->>'eventId')::uuid
    left join registrations g on g.id = (claimed.data->>'registrationId')::uuid
  `
}

function toClaimed(row: ClaimRow): Claimed {
  const { candidate_id: _, candidate_generation: _of, ready, limit_at, age_ms, ...claimed } = row
  if (!ready) return { kind: 'not-yet', ageMs: age_ms, sendBefore: limit_at }
  const { recipient, event, registration, ...delivery } = claimed
  return { kind: 'claimed', delivery, context: { recipient, event, registration } }
}
