import { randomUUID } from 'node:crypto'
import { message } from '@rollcall/contracts/message'
import { NotificationSent } from '@rollcall/contracts/notifications'
import { createDatabase } from '@rollcall/database/connect'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aNewDelivery, aRecipient } from '../../test/builders.ts'
import { migrations } from '../database/migrations.ts'
import type { NotificationsDatabase } from '../database/tables.ts'
import { type Claim, claimDeliveries, claimManyStatement } from './claim.ts'
import { type Accept, acceptDeliveries, acceptManyStatement, traced } from './end-queries.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { insertDeliveries, type NewDelivery } from './queries.ts'
import { raiseGenerations, touchQueued } from './sweeper-queries.ts'
import type { Delivery } from './tables.ts'

let database: TestDatabase<NotificationsDatabase>
let db: Kysely<NotificationsDatabase>
let ledger: Ledger
const others: Kysely<NotificationsDatabase>[] = []

beforeAll(async () => {
  database = await createTestDatabase<NotificationsDatabase>({ name: 'ledger', migrations })
  db = database.db
})
beforeEach(async () => {
  await sql`truncate deliveries, outbox`.execute(db)
  ledger = openLedger(db)
})
afterEach(async () => {
  for (const other of others.splice(0)) await other.destroy()
})
afterAll(() => database?.drop())

/** What another process has of the same database. */
function anotherPool(): Kysely<NotificationsDatabase> {
  const pool = createDatabase<NotificationsDatabase>({ url: database.url, maxConnections: 8, applicationName: 'other' })
  others.push(pool)
  return pool
}

async function plan(count: number, changes: Partial<NewDelivery> = {}): Promise<Claim[]> {
  const added = await insertDeliveries(
    db,
    Array.from({ length: count }, () => aNewDelivery(changes)),
  )
  return added.map(({ id }) => ({ id, generation: 1, leaseMs: 60_000 }))
}

async function plannedOne(changes: Partial<NewDelivery> = {}): Promise<Claim> {
  const [claim] = await plan(1, changes)
  if (!claim) throw new Error('nothing was planned')
  return claim
}

const find = (id: string) =>
  db.selectFrom('deliveries').select(['state', 'attempts', 'generation', 'lease_until']).where('id', '=', id).execute()

const outcomes = (settled: PromiseSettledResult<unknown>[]) => settled.map(({ status }) => status)

describe('claims that are joined', () => {
  it('take each delivery once, for as long as each asks', async () => {
    const claims = (await plan(40)).map((claim, index) => ({ ...claim, leaseMs: 10_000 * (index + 1) }))
    const began = Date.now()
    const claimed = await Promise.all(claims.map(ledger.claim))
    for (const [index, { id, leaseMs }] of claims.entries()) {
      expect(claimed[index]).toMatchObject({ kind: 'claimed', delivery: { id, state: 'sending', attempts: 1 } })
      const [{ lease_until } = {}] = await find(id)
      const given = (lease_until?.getTime() ?? 0) - began
      expect(given).toBeGreaterThanOrEqual(leaseMs - 50)
      expect(given).toBeLessThan(leaseMs + 5000)
    }
  })

  it('give a delivery to the first of two jobs, and to the one of its generation', async () => {
    const [twice, moved] = [await plannedOne(), await plannedOne()]
    await raiseGenerations(db, [moved])
    const raised = { ...moved, generation: 2 }
    const claimed = await claimDeliveries(db, [
      twice,
      moved,
      { ...twice, leaseMs: 1 },
      raised,
      { ...twice, generation: 9 },
    ])
    expect(claimed.map((it) => it?.kind)).toEqual(['claimed', undefined, undefined, 'claimed', undefined])
    expect(claimed[3]).toMatchObject({ delivery: { id: moved.id, generation: 2 } })
    const [{ lease_until } = {}] = await find(twice.id)
    expect(lease_until?.getTime()).toBeGreaterThan(Date.now() + 50_000)
  })

  it('tell which one has to wait for its projection, and bring what the projections know', async () => {
    const recipient_id = randomUUID()
    await db
      .insertInto('recipients')
      .values(aRecipient({ id: recipient_id, sequence: 3, email: 'a@b.test' }))
      .execute()
    const ready = await plannedOne({
      recipient_id,
      needs: [{ projection: 'recipients', id: recipient_id, sequence: 3 }],
    })
    const late = await plannedOne({
      recipient_id,
      needs: [{ projection: 'recipients', id: recipient_id, sequence: 4 }],
    })
    const [first, second] = await claimDeliveries(db, [late, ready])
    expect(first).toMatchObject({ kind: 'not-yet', ageMs: expect.any(Number), sendBefore: expect.any(Date) })
    expect(second).toMatchObject({ context: { recipient: { email: 'a@b.test' }, event: null, registration: null } })
  })

  it('fail for the one alone that cannot be read', async () => {
    const claims = [await plannedOne({ data: { eventId: 'no id' } }), ...(await plan(10)), ...(await plan(10))]
    const settled = await Promise.allSettled([...claims.slice(1), claims[0] as Claim].map(ledger.claim))
    expect(outcomes(settled)).toEqual([...Array.from({ length: 20 }, () => 'fulfilled'), 'rejected'])
  })

  it('go on when a migration adds a column meanwhile', async () => {
    const migrated = await createTestDatabase<NotificationsDatabase>({ name: 'ledger-migrated', migrations })
    const one = createDatabase<NotificationsDatabase>({ url: migrated.url, maxConnections: 1, applicationName: 'one' })
    const claims = Array.from({ length: 40 }, () => aNewDelivery())
    await insertDeliveries(one, claims)
    const batches = claims.map(({ id }, index) => [{ id, generation: 1, leaseMs: 1000 }, index] as const)
    for (const [claim, index] of batches) {
      if (index === 20)
        await sql`alter table deliveries add column later text not null default 'x'`.execute(migrated.db)
      const [claimed] = await claimDeliveries(one, [claim])
      if (claimed?.kind !== 'claimed') throw new Error('not claimed')
      expect(claimed.delivery).not.toHaveProperty('later')
      expect(await acceptDeliveries(one, [traced(anAccept(claimed.delivery))])).toEqual([true])
    }
    await one.destroy()
    await migrated.drop()
  })
})

/** As many as there are claimed, with facts of their own. */
async function sending(count: number): Promise<Delivery[]> {
  const claimed = await claimDeliveries(db, await plan(count))
  return claimed.flatMap((it) => (it?.kind === 'claimed' ? [it.delivery] : []))
}

function anAccept(delivery: Delivery, reply = '250 ok'): Accept {
  const { id, fact_id, template, channel, recipient_id, version } = delivery
  const data = { deliveryId: id, factId: fact_id, template, channel, recipientId: recipient_id }
  const at = new Date()
  const fact = message(NotificationSent, { data, sequence: version + 1, at })
  return { delivery, reply, at, fact }
}

const told = async () => (await db.selectFrom('outbox').select('key').execute()).map(({ key }) => key).sort()

describe('ends that are joined', () => {
  it('end each delivery with its own reply, and tell of each once', async () => {
    const deliveries = await sending(30)
    const accepted = await Promise.all(
      deliveries.map((delivery, index) => ledger.accept(anAccept(delivery, `250 ${index}`))),
    )
    expect(accepted).toEqual(deliveries.map(() => true))
    expect(await told()).toEqual(deliveries.map(({ id }) => id).sort())
    const rows = await db
      .selectFrom('deliveries')
      .select(['id', 'state', 'smtp_reply', 'version', 'lease_until'])
      .execute()
    for (const [index, { id, version }] of deliveries.entries()) {
      const row = rows.find((it) => it.id === id)
      expect(row).toEqual({ id, state: 'sent', smtp_reply: `250 ${index}`, version: version + 1, lease_until: null })
    }
  })

  it('say no where somebody else has moved the delivery since, and tell nothing of it', async () => {
    const [moved, mine] = (await sending(2)) as [Delivery, Delivery]
    await sql`update deliveries set version = version + 1 where id = ${moved.id}`.execute(db)
    expect(await acceptDeliveries(db, [anAccept(moved), anAccept(mine)].map(traced))).toEqual([false, true])
    expect(await told()).toEqual([mine.id])
  })

  it('end a delivery once that is asked for twice', async () => {
    const [delivery] = (await sending(1)) as [Delivery]
    const accepted = await acceptDeliveries(db, [anAccept(delivery), anAccept(delivery)].map(traced))
    expect(accepted.toSorted()).toEqual([false, true])
    expect(await told()).toEqual([delivery.id])
  })

  it('fail for the one alone that cannot be written', async () => {
    const deliveries = await sending(10)
    const replies = deliveries.map((_, index) => (index === 7 ? '250 \u0000' : '250 ok'))
    const settled = await Promise.allSettled(deliveries.map((it, index) => ledger.accept(anAccept(it, replies[index]))))
    expect(outcomes(settled)).toEqual(deliveries.map((_, index) => (index === 7 ? 'rejected' : 'fulfilled')))
    expect(await told()).toHaveLength(9)
  })
})

describe('two processes', () => {
  it('that claim the same deliveries at the same time, while a sweeper touches them, get each once', async () => {
    const [mine, theirs, sweeper] = [openLedger(anotherPool()), openLedger(anotherPool()), anotherPool()]
    const claims = await plan(200)
    const ids = claims.map(({ id }) => id)
    let sweeping = true
    const swept = (async () => {
      while (sweeping) await Promise.all([touchQueued(sweeper, ids), touchQueued(sweeper, ids.toReversed())])
    })()
    const asked = [...claims.map(mine.claim), ...claims.toReversed().map(theirs.claim)]
    const claimed = await Promise.all(asked)
    sweeping = false
    await swept
    expect(claimed.filter((it) => it?.kind === 'claimed')).toHaveLength(200)
    for (const { id } of claims) expect(await find(id)).toMatchObject([{ state: 'sending', attempts: 1 }])
  })

  it('of which one locks in another order wait for each other for ever, until the database ends one', async () => {
    const claims = await plan(20)
    const ids = claims.map(({ id }) => id).sort()
    const [first, last] = [ids[0], ids.at(-1)]
    const lock = (id: string | undefined) => sql`select from deliveries where id = ${id} for update`
    await anotherPool()
      .transaction()
      .execute(async (tx) => {
        await lock(last).execute(tx)
        const claiming = claimDeliveries(db, claims).then(
          () => 'claimed',
          () => 'ended',
        )
        await expect.poll(() => waitingForLocks(), { timeout: 5000, interval: 20 }).toBeGreaterThan(0)
        const locking = await lock(first)
          .execute(tx)
          .then(
            () => 'locked',
            () => 'ended',
          )
        expect([await claiming, locking].filter((it) => it === 'ended')).toHaveLength(1)
        throw new Error('enough')
      })
      .catch(() => {})
  })
})

async function waitingForLocks(): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(anotherPool())
  return rows[0]?.waiting ?? 0
}

describe('a plan that is made for any list at all', () => {
  it.each([
    ['claims', (deliveries: Delivery[]) => claimManyStatement(deliveries.map((it) => ({ ...it, leaseMs: 1000 })))],
    ['ends', (deliveries: Delivery[]) => acceptManyStatement(deliveries.map((it) => traced(anAccept(it))))],
  ])('finds deliveries by their ids: %s', async (_, statement) => {
    const deliveries = await sending(3)
    await sql`
      insert into deliveries (id, fact_id, template, channel, recipient_id, data, policy, message_id, send_before, needs,
        created_at, state, sent_at)
      select gen_random_uuid(), gen_random_uuid(), 'verify-email', 'email', gen_random_uuid(), '{}', 'resend', 'x', now(),
        '[]', now(), case when n % 100 = 0 then 'queued' else 'sent' end,
        case when n % 100 = 0 then null else now() end
      from generate_series(1, 20000) as n`.execute(db)
    await sql`analyze deliveries`.execute(db)
    const plan = await genericPlan(statement(deliveries))
    expect(plan).toContain('deliveries_pkey')
    expect(plan).not.toContain('Seq Scan on deliveries')
  })
})

async function genericPlan(statement: RawBuilder<unknown>): Promise<string> {
  const { sql: text, parameters } = statement.compile(db)
  return db.connection().execute(async (one) => {
    await sql`set plan_cache_mode = force_generic_plan`.execute(one)
    await sql.raw(`prepare looked_at as ${text}`).execute(one)
    const values = parameters.map(literal).join(', ')
    const { rows } = await sql.raw<Record<string, string>>(`explain execute looked_at (${values})`).execute(one)
    await sql`deallocate looked_at`.execute(one)
    await sql`reset plan_cache_mode`.execute(one)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `'{${value.join(',')}}'`
  return `'${String(value).replaceAll("'", "''")}'`
}
