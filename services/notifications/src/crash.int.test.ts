import { randomUUID } from 'node:crypto'
import { UserSnapshot } from '@rollcall/contracts/users'
import { startTcpProxy } from '@rollcall/testing/tcp-proxy'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  aPerson,
  createWorld,
  deliveriesTo,
  type Person,
  publishRegistered,
  signUp,
  statesOf,
  type World,
} from '../test/world.ts'

// Processes start and die here, beside whatever else the machine does.
vi.setConfig({ testTimeout: 120_000 })

const patient = { timeout: 60_000, interval: 50 }
let world: World

beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.stop())

const deliveryTo = async ({ userId }: Person) => (await deliveriesTo(world, userId))[0]
const mailsTo = ({ email }: Person) => world.sink.mails.filter((mail) => mail.to.includes(email))

/** A successor's consumers wait for the dead one's session to end; its worker and sweeper do not. */
const startSuccessor = () => world.start({}, { waitUntilReady: false })

describe('a process that dies', () => {
  it('between ledger and queue leaves a delivery that is still mailed once (crash point 9)', async () => {
    const dying = await world.start({ ROLLCALL_CHECKPOINT_KILL: 'plan-before-enqueue' })
    const person = await signUp(world)
    await dying.ended()
    expect(await deliveryTo(person)).toMatchObject({ state: 'queued', attempts: 0 })
    expect(await world.redis.keys('bull:mails:*.1')).toEqual([])

    await startSuccessor()
    await expect.poll(async () => (await deliveryTo(person))?.state, patient).toBe('sent')
    expect(mailsTo(person)).toHaveLength(1)
  })

  it('between claim and SMTP leaves a delivery that is claimed again when the lease ends (crash point 12)', async () => {
    const dying = await world.start({ ROLLCALL_CHECKPOINT_KILL: 'mail-after-claim' })
    const person = await signUp(world)
    await dying.ended()
    expect(await deliveryTo(person)).toMatchObject({ state: 'sending', attempts: 1 })
    expect(mailsTo(person)).toHaveLength(0)

    await startSuccessor()
    await expect.poll(async () => (await deliveryTo(person))?.state, patient).toBe('sent')
    expect(await deliveryTo(person)).toMatchObject({ attempts: 2 })
    expect(mailsTo(person)).toHaveLength(1)
  })

  it('between the final dot and the 250 sends the same bytes again under resend (crash point 14)', async () => {
    world.sink.fail({ at: 'dot', with: 'silence' })
    const dying = await world.start()
    const person = await signUp(world)
    await expect.poll(() => mailsTo(person).length, patient).toBe(1)
    await dying.kill()

    await startSuccessor()
    await expect.poll(async () => (await deliveryTo(person))?.state, patient).toBe('sent')
    const [first, second, ...others] = mailsTo(person)
    expect(others).toEqual([])
    expect(second?.messageId).toBe(first?.messageId)
    expect(second?.raw.equals(first?.raw ?? Buffer.alloc(0))).toBe(true)
  })

  it('between the final dot and the 250 sends nothing again under hold (crash point 14)', async () => {
    world.sink.fail({ at: 'dot', with: 'silence' })
    const dying = await world.start()
    const person = await signUpUnderHold()
    await expect.poll(() => mailsTo(person).length, patient).toBe(1)
    expect(await deliveryTo(person)).toMatchObject({ phase: 'after-dot' })
    await dying.kill()

    await startSuccessor()
    await expect.poll(async () => (await deliveryTo(person))?.state, patient).toBe('unknown')
    expect(await deliveryTo(person)).toMatchObject({ reason: 'worker-lost-after-dot' })
    expect(mailsTo(person)).toHaveLength(1)
  })

  it('before the final dot is followed by a safe retry, also under hold', async () => {
    world.sink.fail({ at: 'rcpt', with: 'silence' })
    const dying = await world.start()
    const person = await signUpUnderHold()
    await expect.poll(async () => (await deliveryTo(person))?.state, patient).toBe('sending')
    await dying.kill()

    await startSuccessor()
    await expect.poll(async () => (await deliveryTo(person))?.state, patient).toBe('sent')
    expect(mailsTo(person)).toHaveLength(1)
  })
})

/** The first templates are all sent again when in doubt; this delivery is made to be held. */
async function signUpUnderHold(): Promise<Person> {
  const person = aPerson()
  await publishRegistered(world, person)
  await expect.poll(async () => (await deliveryTo(person))?.state, patient).toBe('queued')
  await world.db.updateTable('deliveries').set({ policy: 'hold' }).where('recipient_id', '=', person.userId).execute()
  await world.publish(UserSnapshot, person.snapshot)
  return person
}

describe('Redis', () => {
  it('may be wiped with mails waiting in it: each is still sent once (crash point 17)', async () => {
    await world.start()
    world.sink.fail({ at: 'mail', with: 451 }, 1000)
    const people = await Promise.all(Array.from({ length: 20 }, () => signUp(world, { userId: randomUUID() })))
    await expect.poll(() => statesOf(world), patient).toEqual({ retry: 20 })
    await world.redis.flushdb()
    world.sink.heal()
    await expect.poll(() => statesOf(world), patient).toEqual({ sent: 20 })
    for (const person of people) expect(mailsTo(person)).toHaveLength(1)
  })

  it('may die and come back empty while facts come: each mail is still sent once (C8)', async () => {
    const { port } = new URL(world.redisUrl)
    const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: Number(port) } })
    const url = new URL(world.redisUrl)
    url.port = String(proxy.port)
    await world.start({ REDIS_URL: url.toString() })
    world.sink.fail({ at: 'mail', with: 451 }, 1000)
    const before = await Promise.all(Array.from({ length: 5 }, () => signUp(world)))
    await expect.poll(() => statesOf(world), patient).toEqual({ retry: 5 })

    // What a killed Redis without persistence looks like from outside: no connection, and no data afterwards.
    proxy.cut()
    await world.redis.flushdb()
    world.sink.heal()
    const meanwhile = await Promise.all(Array.from({ length: 10 }, () => signUp(world)))
    await expect.poll(() => statesOf(world), patient).toEqual({ retry: 5, queued: 10 })
    proxy.restore()
    await expect.poll(() => statesOf(world), patient).toEqual({ sent: 15 })
    for (const person of [...before, ...meanwhile]) expect(mailsTo(person)).toHaveLength(1)
    await proxy.stop()
  })
})

it('mails nobody when every topic is read again from its beginning (C16)', async () => {
  const first = await world.start()
  await Promise.all(Array.from({ length: 10 }, () => signUp(world)))
  await expect.poll(() => statesOf(world), patient).toEqual({ sent: 10 })
  expect(await first.kill('SIGTERM')).toBe(0)

  const admin = world.kafka.admin()
  await admin.connect()
  const groups = ['access', 'people', 'projections', 'mails-accounts', 'mails-tickets'].map(
    (set) => `${world.secrets.namespace}notifications.${set}`,
  )
  /** Of an empty partition nothing is committed until it is reset, so those at 0 say nothing. */
  const positions = async () => {
    const all = await Promise.all(groups.map((groupId) => admin.fetchOffsets({ groupId })))
    const lines = all
      .flat()
      .flatMap(({ topic, partitions }) =>
        partitions
          .filter(({ offset }) => Number(offset) > 0)
          .map(({ partition, offset }) => `${topic} ${partition} ${offset}`),
      )
    return lines.sort()
  }
  const ends = await positions()
  for (const groupId of groups) {
    for (const { topic } of await admin.fetchOffsets({ groupId })) {
      await admin.resetOffsets({ groupId, topic, earliest: true })
    }
  }
  expect(await positions()).not.toEqual(ends)

  await world.start()
  await expect.poll(positions, patient).toEqual(ends)
  expect(await statesOf(world)).toEqual({ sent: 10 })
  expect(world.sink.mails).toHaveLength(10)
  await admin.disconnect()
})
