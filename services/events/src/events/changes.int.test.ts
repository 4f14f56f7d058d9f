import { createLogger } from '@rollcall/runtime/logger'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Changes, createChanges } from './changes.ts'

let database: TestDatabase<unknown>
let one: Changes
let other: Changes

beforeEach(async () => {
  database = await createTestDatabase({ name: 'changes', migrations: {} })
  const open = () =>
    createChanges({ databaseUrl: database.url, log: createLogger({ service: 'test', level: 'error' }) })
  one = open()
  other = open()
  await expect.poll(() => [one.generation(), other.generation()]).toEqual([1, 1])
})
afterEach(async () => {
  await Promise.all([one.stop(), other.stop()])
  await database.drop()
})

it('counts a change at once where it is made, and tells every other process', async () => {
  one.changed()
  expect(one.generation()).toBe(2)
  await expect.poll(() => other.generation(), { timeout: 1000, interval: 5 }).toBe(2)
})

it('lets one notification stand for a burst, and leaves no change out', async () => {
  for (let change = 0; change < 500; change += 1) one.changed()
  await expect.poll(() => other.generation(), { interval: 5 }).toBeGreaterThan(1)
  const before = other.generation()
  one.changed()
  await expect.poll(() => other.generation(), { interval: 5 }).toBeGreaterThan(before ?? 0)
})

it('says that it does not know while it hears nothing, and goes on with another generation', async () => {
  const before = other.generation() ?? 0
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'listen-events_changed'`.execute(database.db)
  await expect.poll(() => other.generation(), { interval: 5 }).toBeUndefined()
  await expect.poll(() => other.generation(), { timeout: 5000 }).toBeGreaterThan(before)
})
