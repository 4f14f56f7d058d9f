import { randomUUID } from 'node:crypto'
import { seal } from '@rollcall/contracts/seal'
import type { SinkPoint } from '@rollcall/testing/smtp-sink'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aNewDelivery, aRecipient } from '../test/builders.ts'
import { createWorld, statesOf, type World } from '../test/world.ts'
import type { LossPolicy } from './ledger/delivery.ts'
import { insertDeliveries } from './ledger/queries.ts'

// Processes start and die here, beside whatever else the machine does.
vi.setConfig({ testTimeout: 120_000 })

const patient = { timeout: 60_000, interval: 50 }
const MAILS = 40
const SILENT = 3
let world: World

beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.stop())

/** Deliveries that nothing keeps back, and that no queue knows of: a sweeper puts them all into it at once. */
async function planMany(policy: LossPolicy): Promise<void> {
  const link = { verifyUrl: 'http://localhost:8080/x', expiresAt: new Date(Date.now() + 3600_000).toISOString() }
  const sealed = await seal(world.secrets.notificationsKey.public, link)
  const recipients = Array.from({ length: MAILS }, () => {
    const id = randomUUID()
    return aRecipient({ id, email: `${id}@rollcall.test` })
  })
  await world.db.insertInto('recipients').values(recipients).execute()
  const deliveries = recipients.map(({ id }) =>
    aNewDelivery({ recipient_id: id, policy, data: { sealed }, message_id: `<${id}@rollcall.test>` }),
  )
  await insertDeliveries(world.db, deliveries)
}

const rows = () =>
  world.db.selectFrom('deliveries').select(['recipient_id', 'state', 'reason', 'attempts']).orderBy('id').execute()

const mailsTo = (recipientId: string) =>
  world.sink.mails.filter(({ to }) => to.includes(`${recipientId}@rollcall.test`)).length

describe('a process that dies with many mails in hand', () => {
  it.each<[string, LossPolicy, string]>([
    ['several claimed by one statement', 'hold', 'mail-after-claim:12'],
    ['several sent', 'hold', 'mail-after-send:6'],
    ['several sent', 'resend', 'mail-after-send:6'],
    ['several noted by one statement', 'hold', 'mail-after-mark:12'],
  ])('%s, under %s: each is sent, and no more often than its policy says', async (_, policy, place) => {
    await planMany(policy)
    const dying = await world.start({ ROLLCALL_CHECKPOINT_KILL: place })
    await dying.ended()
    const left = await statesOf(world)
    expect(left['sending']).toBeGreaterThan(1)

    await world.start({}, { waitUntilReady: false })
    await expect
      .poll(async () => (await rows()).filter(({ state }) => state === 'sent' || state === 'unknown').length, patient)
      .toBe(MAILS)
    for (const { recipient_id, state, reason, attempts } of await rows()) {
      const mails = mailsTo(recipient_id)
      if (state === 'unknown') {
        // Lost with its worker, or by an attempt that ran out of time on a busy machine: after the dot, both.
        expect([policy, reason]).toEqual(['hold', expect.stringMatching(/-after-dot$/)])
        expect(mails).toBeLessThanOrEqual(1)
      } else {
        expect(mails, `after ${attempts} attempts`).toBeGreaterThanOrEqual(1)
        expect(mails).toBeLessThanOrEqual(policy === 'hold' ? 1 : attempts)
      }
    }
  })
})

describe('a process that is frozen beyond its leases with many mails in hand', () => {
  it.each<[string, SinkPoint, Record<string, number>]>([
    ['before the final dot', 'rcpt', { sent: MAILS }],
    ['behind it', 'dot', { sent: MAILS - SILENT, unknown: SILENT }],
  ])('%s, under hold, sends nothing twice, and does no harm when it wakes up', async (_, at, end) => {
    await planMany('hold')
    world.sink.fail({ at, with: 'silence' }, SILENT)
    // Its attempts must outlast the other mails, on a busy machine as well.
    const frozen = await world.start({ LOG_LEVEL: 'debug', DELIVERY_LEASE_SECONDS: '8' })
    await expect.poll(async () => (await statesOf(world))['sent'], { ...patient, interval: 5 }).toBe(MAILS - SILENT)
    frozen.signal('SIGSTOP')
    expect(await statesOf(world)).toEqual({ sent: MAILS - SILENT, sending: SILENT })

    await world.start({}, { waitUntilReady: false })
    await expect.poll(() => statesOf(world), patient).toEqual(end)
    const settled = await rows()
    frozen.signal('SIGCONT')
    await expect
      .poll(() => frozen.logs(), patient)
      .toMatch(/an attempt has ended|tried again later|could not renew lock/)
    expect(await rows()).toEqual(settled)
    for (const { recipient_id } of settled) expect(mailsTo(recipient_id)).toBe(1)
  })
})
