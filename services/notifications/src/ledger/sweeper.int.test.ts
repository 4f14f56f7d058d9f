import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPipeline, type Pipeline, plannedMail } from '../../test/pipeline.ts'
import { MOST_ATTEMPTS } from './delivery.ts'
import { planDeliveries, STAFF } from './plan-deliveries.ts'

const patient = { timeout: 45_000, interval: 20 }
let pipeline: Pipeline

beforeAll(async () => {
  pipeline = await createPipeline()
})
afterAll(() => pipeline.stop())

const stateOf = async (recipientId: string) => (await pipeline.delivery(recipientId)).state
const awayQueue = { addMany: () => Promise.reject(new Error('Redis is away')) }

it('plans a mail for each who decides about people, as they are then, and for nobody else', async () => {
  const known = (changes: object) => ({
    id: randomUUID(),
    sequence: 1,
    nickname: 'x',
    role: 'authenticated' as const,
    professional: false,
    operator: false,
    locked: false,
    erased: false,
    ...changes,
  })
  const staff = [known({ role: 'manager' }), known({ role: 'admin' })]
  const others = [known({}), known({ role: 'manager', locked: true }), known({ role: 'admin', erased: true })]
  await pipeline.db
    .insertInto('known_users')
    .values([...staff, ...others])
    .execute()
  const mail = plannedMail(STAFF)
  await planDeliveries({ ...pipeline.planDeps, queue: awayQueue }, [mail])
  await planDeliveries({ ...pipeline.planDeps, queue: awayQueue }, [mail])
  const rows = await pipeline.db
    .selectFrom('deliveries')
    .select('recipient_id')
    .where('fact_id', '=', mail.fact.id)
    .execute()
  expect(rows.map(({ recipient_id }) => recipient_id).sort()).toEqual(staff.map(({ id }) => id).sort())
})

it('plans a fact once, and enqueues it again when it is seen again', async () => {
  const mail = plannedMail(await pipeline.plan({ known: false }))
  await pipeline.addRecipient(mail.recipientId)
  await planDeliveries({ ...pipeline.planDeps, queue: awayQueue }, [mail])
  const added: string[] = []
  const queue = {
    addMany: async (jobs: readonly { jobId: string }[]) => void added.push(...jobs.map(({ jobId }) => jobId)),
  }
  await planDeliveries({ ...pipeline.planDeps, queue }, [mail])
  await planDeliveries({ ...pipeline.planDeps, queue }, [mail])
  expect(added).toHaveLength(2)
  expect(added[0]).toBe(added[1])
})

it('puts back a delivery whose job was never added', async () => {
  const person = await pipeline.plan({ deps: { ...pipeline.planDeps, queue: awayQueue } })
  expect(await stateOf(person)).toBe('queued')
  expect(await pipeline.sweep()).toBeGreaterThan(0)
  await expect.poll(() => stateOf(person), patient).toBe('sent')
  expect(await pipeline.delivery(person)).toMatchObject({ generation: 2 })
  expect(pipeline.mailsTo(person)).toHaveLength(1)
})

it('leaves a delivery alone whose job waits in the queue', async () => {
  const person = await pipeline.plan({ known: false })
  await pipeline.sweep()
  await pipeline.sweep()
  expect(await pipeline.delivery(person)).toMatchObject({ generation: 1, state: 'queued' })
})

it('puts back a delivery whose worker has died before the final dot', async () => {
  const person = await abandoned(null, 'hold')
  await pipeline.sweep()
  await expect.poll(() => stateOf(person), patient).toBe('sent')
  expect(pipeline.mailsTo(person)).toHaveLength(1)
})

it('holds a delivery whose worker has died after the final dot, and tells so', async () => {
  const person = await abandoned('after-dot', 'hold')
  await pipeline.sweep()
  const delivery = await pipeline.delivery(person)
  expect(delivery).toMatchObject({ state: 'unknown', reason: 'worker-lost-after-dot' })
  expect(await pipeline.facts(delivery.id)).toMatchObject([{ type: 'notification.failed.v1', state: 'unknown' }])
})

it('gives up a delivery whose last attempt came to no end, whatever keeps its outcome from being written', async () => {
  const person = await abandoned(null, 'resend')
  const spent = pipeline.db.updateTable('deliveries').set({ attempts: MOST_ATTEMPTS })
  await spent.where('recipient_id', '=', person).execute()
  await pipeline.sweep()
  expect(await pipeline.delivery(person)).toMatchObject({ state: 'dead', reason: 'worker-lost' })
  expect(pipeline.mailsTo(person)).toHaveLength(0)
})

it('leaves a delivery alone whose worker may live', async () => {
  const person = await abandoned(null, 'resend', 60)
  await pipeline.sweep()
  expect(await stateOf(person)).toBe('sending')
})

it('sweeps again and again, also after a sweep that failed', async () => {
  let failures = 0
  const addMany: Pipeline['queue']['addMany'] = (jobs) => {
    failures += 1
    return failures === 1 ? awayQueue.addMany() : pipeline.queue.addMany(jobs)
  }
  const person = await pipeline.plan({ deps: { ...pipeline.planDeps, queue: awayQueue } })
  const sweeper = pipeline.startSweeper({ queue: { ...pipeline.queue, addMany }, intervalMs: 20 })
  await expect.poll(() => stateOf(person), patient).toBe('sent')
  await sweeper.stop()
  expect(failures).toBeGreaterThan(1)
})

/** A delivery in the hands of a worker that says no more; its lease ends in so many seconds. */
async function abandoned(phase: 'after-dot' | null, policy: 'resend' | 'hold', seconds = -1) {
  const person = await pipeline.plan({ deps: { ...pipeline.planDeps, queue: awayQueue } })
  await pipeline.db
    .updateTable('deliveries')
    .set({
      state: 'sending',
      attempts: 1,
      phase,
      policy,
      lease_until: sql<Date>`now() + make_interval(secs => ${seconds})`,
    })
    .where('recipient_id', '=', person)
    .execute()
  return person
}

it('counts a delivery that two sweepers end at once only once', async () => {
  const recipientId = await pipeline.plan({
    policy: 'hold',
    deps: { ...pipeline.planDeps, queue: { addMany: async () => {} } },
  })
  const { id } = await pipeline.delivery(recipientId)
  const abandoned = { state: 'sending' as const, phase: 'after-dot' as const, lease_until: new Date(Date.now() - 1000) }
  await pipeline.db.updateTable('deliveries').set(abandoned).where('id', '=', id).execute()
  const ended = async () =>
    Number(/^deliveries_ended_total\{.*state="unknown".*\} (\d+)$/m.exec(await pipeline.registry.metrics())?.[1] ?? 0)
  const before = await ended()
  await Promise.all([pipeline.sweep(), pipeline.sweep(), pipeline.sweep()])
  expect(await pipeline.delivery(recipientId)).toMatchObject({ state: 'unknown', reason: 'worker-lost-after-dot' })
  expect(await pipeline.facts(id)).toHaveLength(1)
  expect((await ended()) - before).toBe(1)
})
