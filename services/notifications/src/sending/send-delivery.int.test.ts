import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase } from '@rollcall/database/connect'
import type { SinkPoint } from '@rollcall/testing/smtp-sink'
import { startTcpProxy, type TcpProxy } from '@rollcall/testing/tcp-proxy'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPipeline, type Pipeline, plannedMail } from '../../test/pipeline.ts'
import type { LossPolicy } from '../ledger/delivery.ts'
import { MOST_ATTEMPTS } from '../ledger/delivery.ts'
import { failDelivery } from '../ledger/end-delivery.ts'
import { openLedger } from '../ledger/ledger.ts'
import { planDeliveries } from '../ledger/plan-deliveries.ts'
import type { Reason } from '../ledger/reasons.ts'
import { sendDelivery } from './send-delivery.ts'

const patient = { timeout: 45_000, interval: 20 }
let pipeline: Pipeline

beforeAll(async () => {
  pipeline = await createPipeline()
})
afterAll(() => pipeline.stop())
beforeEach(() => pipeline.sink.heal())

const awayQueue = { addMany: async () => {} }

const stateOf = async (recipientId: string) => (await pipeline.delivery(recipientId)).state

/** A mail that waits for its recipient, so that the fault and the policy are in place before its first attempt. */
async function planUnder(policy: LossPolicy, fault?: Parameters<Pipeline['sink']['fail']>[0]) {
  const recipientId = await pipeline.plan({ policy, known: false })
  if (fault) pipeline.sink.fail(fault)
  await pipeline.addRecipient(recipientId)
  return recipientId
}

describe.each<LossPolicy>(['resend', 'hold'])('under %s', (policy) => {
  it.each<SinkPoint>(['mail', 'rcpt', 'data'])('is sent once when the connection is cut at %s (C10)', async (at) => {
    const person = await planUnder(policy, { at, with: 'cut' })
    await expect.poll(() => stateOf(person), patient).toBe('sent')
    expect(await pipeline.delivery(person)).toMatchObject({ attempts: 2, phase: null })
    expect(pipeline.mailsTo(person)).toHaveLength(1)
  })

  it('is sent once when the connection is cut after the 250 (C10)', async () => {
    const person = await planUnder(policy, { at: 'reply', with: 'cut' })
    await expect.poll(() => stateOf(person), patient).toBe('sent')
    expect(await pipeline.delivery(person)).toMatchObject({ attempts: 1 })
    expect(pipeline.mailsTo(person)).toHaveLength(1)
  })

  it('is sent once when the server says 4xx first, and notes what it said', async () => {
    const person = await planUnder(policy, { at: 'dot', with: 451 })
    await expect.poll(() => stateOf(person), patient).toBe('retry')
    expect(await pipeline.delivery(person)).toMatchObject({
      reason: 'refused-for-now',
      smtp_reply: expect.stringMatching(/^451/),
    })
    await expect.poll(() => stateOf(person), patient).toBe('sent')
    expect(pipeline.mailsTo(person)).toHaveLength(1)
  })

  it('ends as bounced when the server says 5xx', async () => {
    const person = await planUnder(policy, { at: 'rcpt', with: 550 })
    await expect.poll(() => stateOf(person), patient).toBe('bounced')
    const delivery = await pipeline.delivery(person)
    expect(delivery).toMatchObject({ attempts: 1, reason: 'refused', smtp_reply: expect.stringMatching(/^550/) })
    expect(await pipeline.facts(delivery.id)).toMatchObject([
      { type: 'notification.failed.v1', state: 'bounced', reason: 'refused', recipientId: person },
    ])
  })
})

it('is never sent twice under hold when the connection is cut in the body (C10)', async () => {
  const person = await planUnder('hold', { at: 'body', with: 'cut' })
  await expect.poll(() => stateOf(person), patient).toMatch(/sent|unknown/)
  // The server had not seen the dot: told so, the mail is sent; told too late, it is held. Never two.
  expect(pipeline.mailsTo(person)).toHaveLength((await stateOf(person)) === 'sent' ? 1 : 0)
})

it('is sent once under resend when the connection is cut in the body (C10)', async () => {
  const person = await planUnder('resend', { at: 'body', with: 'cut' })
  await expect.poll(() => stateOf(person), patient).toBe('sent')
  expect(pipeline.mailsTo(person)).toHaveLength(1)
})

it('is sent again under resend when the connection is cut after the dot, with the same bytes (C10)', async () => {
  const person = await planUnder('resend', { at: 'dot', with: 'cut' })
  await expect.poll(() => stateOf(person), patient).toBe('sent')
  const [first, second, ...others] = pipeline.mailsTo(person)
  expect(others).toEqual([])
  expect(second?.raw.equals(first?.raw ?? Buffer.alloc(0))).toBe(true)
  const { id } = await pipeline.delivery(person)
  expect(await pipeline.facts(id)).toMatchObject([{ type: 'notification.sent.v1', deliveryId: id }])
})

it('ends as unknown under hold when the connection is cut after the dot (C10)', async () => {
  const person = await planUnder('hold', { at: 'dot', with: 'cut' })
  await expect.poll(() => stateOf(person), patient).toBe('unknown')
  expect(await pipeline.delivery(person)).toMatchObject({ reason: 'connection-lost-after-dot' })
  expect(pipeline.mailsTo(person)).toHaveLength(1)
})

it('is tried again when the server is silent', async () => {
  const person = await planUnder('resend', { at: 'rcpt', with: 'silence' })
  await expect.poll(async () => (await pipeline.delivery(person)).reason, patient).toBe('timeout-before-dot')
  await expect.poll(() => stateOf(person), patient).toBe('sent')
  expect(pipeline.mailsTo(person)).toHaveLength(1)
})

it('is given up after many attempts', async () => {
  const person = await pipeline.plan({ known: false })
  await pipeline.db
    .updateTable('deliveries')
    .set({ attempts: MOST_ATTEMPTS - 1 })
    .where('recipient_id', '=', person)
    .execute()
  pipeline.sink.fail({ at: 'mail', with: 421 })
  await pipeline.addRecipient(person)
  await expect.poll(() => stateOf(person), patient).toBe('dead')
})

it('does nothing for a job of an older generation', async () => {
  const person = await pipeline.plan({ known: false })
  const { id } = await pipeline.delivery(person)
  await pipeline.db.updateTable('deliveries').set({ generation: 2 }).where('id', '=', id).execute()
  await pipeline.addRecipient(person)
  expect(await sendDelivery(pipeline.sendDeps, { deliveryId: id, generation: 1 })).toBeUndefined()
  expect(await pipeline.delivery(person)).toMatchObject({ state: 'queued', attempts: 0 })
})

it('is claimed by one of many workers', async () => {
  const person = await pipeline.plan({ known: false })
  await pipeline.db.updateTable('deliveries').set({ generation: 5 }).where('recipient_id', '=', person).execute()
  await pipeline.addRecipient(person)
  const { id } = await pipeline.delivery(person)
  await Promise.all(Array.from({ length: 8 }, () => sendDelivery(pipeline.sendDeps, { deliveryId: id, generation: 5 })))
  expect(await pipeline.delivery(person)).toMatchObject({ state: 'sent', attempts: 1 })
  expect(pipeline.mailsTo(person)).toHaveLength(1)
})

describe.each(['requests', 'answers'] as const)('a database whose %s get lost after the claim', (direction) => {
  let proxy: TcpProxy
  let db: Pipeline['db']

  beforeEach(async () => {
    const url = new URL(pipeline.databaseUrl)
    proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } })
    url.host = proxy.address
    db = createDatabase({ url: url.href, maxConnections: 2, applicationName: 'test', statementTimeoutMs: 400 })
  })
  afterEach(async () => {
    proxy.restore()
    await db.destroy()
    await proxy.stop()
  })

  /** One attempt of a worker whose database is silent until its lease is nearly over. */
  async function attemptInSilence(policy: LossPolicy) {
    const person = await pipeline.plan({ policy, known: false })
    await pipeline.db.updateTable('deliveries').set({ generation: 7 }).where('recipient_id', '=', person).execute()
    await pipeline.addRecipient(person)
    const { id } = await pipeline.delivery(person)
    const checkpoint = async (name: string) => {
      if (name === 'mail-after-claim') proxy.pause(direction)
    }
    setTimeout(() => proxy.restore(), 1200)
    await sendDelivery(
      { ...pipeline.sendDeps, db, ledger: openLedger(db), checkpoint },
      { deliveryId: id, generation: 7 },
    )
    return person
  }

  it('still hears of a mail that has been sent, and sends no second one', async () => {
    const person = await attemptInSilence('resend')
    expect(await pipeline.delivery(person)).toMatchObject({ state: 'sent', attempts: 1 })
    expect(pipeline.mailsTo(person)).toHaveLength(1)
  })

  it('lets no final dot out that it has not been told of', async () => {
    const person = await attemptInSilence('hold')
    expect(await pipeline.delivery(person)).toMatchObject({ state: 'retry', attempts: 1, phase: null })
    expect(pipeline.mailsTo(person)).toHaveLength(0)
    const sweeper = pipeline.startSweeper()
    await expect.poll(() => stateOf(person), patient).toBe('sent')
    await sweeper.stop()
    expect(pipeline.mailsTo(person)).toHaveLength(1)
  })
})

it('waits in place for a projection that is a few milliseconds late, and gives the job back for a later one', async () => {
  const attempt = async (lateMs: number) => {
    const person = await pipeline.plan({ known: false, deps: { ...pipeline.planDeps, queue: awayQueue } })
    const { id } = await pipeline.delivery(person)
    // As if it had just been planned, however long the way here took.
    await sql`update deliveries set queued_at = now() where id = ${id}`.execute(pipeline.db)
    const known = sleep(lateMs).then(() => pipeline.addRecipient(person))
    const outcome = await sendDelivery(pipeline.sendDeps, { deliveryId: id, generation: 1 })
    const state = await stateOf(person)
    await known
    return { outcome, state }
  }
  expect(await attempt(10)).toEqual({ outcome: undefined, state: 'sent' })
  expect(await attempt(400)).toEqual({ outcome: { again: expect.any(Number) }, state: 'queued' })
})

it('asks again soon for a projection that is late, however old the fact is', async () => {
  const recipientId = randomUUID()
  const { fact, ...mail } = plannedMail(recipientId)
  const hoursAgo = new Date(Date.now() - 10 * 3600_000)
  await planDeliveries(pipeline.planDeps, [{ ...mail, fact: { ...fact, time: hoursAgo } }])
  await pipeline.addRecipient(recipientId)
  // A quarter of the fact's age would be the longest pause, half a minute.
  await expect.poll(() => stateOf(recipientId), { timeout: 15_000, interval: 20 }).toBe('sent')
})

it('ends as expired when what it needs is not known in time', async () => {
  const person = await pipeline.plan({ known: false })
  await pipeline.db
    .updateTable('deliveries')
    .set({ send_before: new Date(Date.now() - 1000) })
    .where('recipient_id', '=', person)
    .execute()
  await expect.poll(() => stateOf(person), patient).toBe('expired')
  expect(await pipeline.delivery(person)).toMatchObject({ reason: 'projection-missing', attempts: 0 })
})

it('is counted by template and state, with the time that it took', async () => {
  const text = await pipeline.registry.metrics()
  expect(text).toMatch(/deliveries_open\{state="queued",service="test"\} \d/)
  expect(text).toMatch(/deliveries_ended_total\{template="verify-email",state="sent",service="test"\} [1-9]/)
  expect(text).toMatch(
    /delivery_seconds_count\{template="verify-email",service="test"\} [1-9]|delivery_seconds_count\{service="test",template="verify-email"\} [1-9]/,
  )
})

it('tells at each stage how long mails waited there', async () => {
  const figures = async () => {
    const lines = (await pipeline.registry.metrics()).matchAll(
      /^mail_stage_seconds_count\{.*stage="(\w+)".*\} (\d+)$/gm,
    )
    return Object.fromEntries([...lines].map(([, stage, count]) => [stage, Number(count)]))
  }
  const before = await figures()
  const person = await pipeline.plan()
  await expect.poll(() => stateOf(person), patient).toBe('sent')
  const after = await figures()
  const stages = ['consumed', 'ledger', 'active', 'claimed', 'written', 'dot']
  expect(Object.keys(after).sort()).toEqual(stages.toSorted())
  expect(stages.map((stage) => (after[stage] ?? 0) - (before[stage] ?? 0))).toEqual(stages.map(() => 1))
})

it('ends a delivery whose reason cannot be told, once, instead of trying it until it expires', async () => {
  const recipientId = await pipeline.plan({ deps: { ...pipeline.planDeps, queue: { addMany: async () => {} } } })
  const delivery = await pipeline.delivery(recipientId)
  const reason = 'the link did not open: somebody has changed the keys' as Reason
  const error = vi.fn()
  const log = Object.assign(Object.create(pipeline.sendDeps.log), { error })
  await failDelivery({ ...pipeline.sendDeps, log }, delivery, { action: 'expire', reason })
  expect(error).toHaveBeenCalledOnce()
  expect(await pipeline.delivery(recipientId)).toMatchObject({ state: 'expired' })
  expect(await pipeline.facts(delivery.id)).toEqual([
    expect.objectContaining({ state: 'expired', reason: 'unspecified' }),
  ])
})
