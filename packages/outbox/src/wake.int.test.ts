import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { log } from '../test/probe.ts'
import { up } from './migration.ts'
import type { OutboxTables } from './tables.ts'
import { createOutboxWake, type OutboxWake, wakeChannel } from './wake.ts'

let database: TestDatabase<OutboxTables>
let wake: OutboxWake
let listener: Client
let woken: number

beforeEach(async () => {
  database = await createTestDatabase({ name: 'outbox', migrations: { '20261121T000000Z-outbox': { up } } })
  wake = createOutboxWake({ databaseUrl: database.url, log })
  listener = new Client({ connectionString: database.url })
  woken = 0
  listener.on('notification', () => {
    woken += 1
  })
  listener.on('error', () => {})
  await listener.connect()
  await listener.query(`listen ${wakeChannel}`)
})

afterEach(async () => {
  await wake.stop()
  await listener.end()
  await database.drop()
})

it('wakes the relay while every connection of the pool is taken', async () => {
  const release = Promise.withResolvers<void>()
  const taken = Array.from({ length: 20 }, () => database.db.connection().execute(() => release.promise))
  wake.wake()
  await expect.poll(() => woken, { timeout: 2000 }).toBe(1)
  release.resolve()
  await Promise.all(taken)
})

it('lets one wake-up stand for a burst, and keeps one connection at most', async () => {
  const ends = Date.now() + 300
  let asked = 0
  while (Date.now() < ends) {
    wake.wake()
    asked += 1
    if (asked % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await expect.poll(() => woken).toBeGreaterThan(5)
  expect(woken).toBeLessThan(150)
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and application_name = 'notify-rollcall_outbox'`.execute(database.db)
  expect(rows[0]?.count).toBe(1)
})

it('rings the relay of its own process while that one is active, and tells the others otherwise', async () => {
  let active = true
  let rung = 0
  wake.attach({
    ring() {
      if (active) rung += 1
      return active
    },
  })
  for (let times = 0; times < 5; times += 1) wake.wake()
  expect(rung).toBe(5)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(woken).toBe(0)
  active = false
  wake.wake()
  await expect.poll(() => woken, { timeout: 2000 }).toBe(1)
  expect(rung).toBe(5)
})

it('goes on after its connection was ended', async () => {
  wake.wake()
  await expect.poll(() => woken).toBe(1)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'notify-rollcall_outbox'`.execute(database.db)
  await expect
    .poll(() => {
      wake.wake()
      return woken
    })
    .toBeGreaterThan(1)
})
