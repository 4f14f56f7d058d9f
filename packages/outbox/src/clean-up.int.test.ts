import { randomUUID } from 'node:crypto'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { removeAnswers, removeParked } from './clean-up.ts'
import { eraseKept } from './erase.ts'
import type { IdempotencyTables } from './idempotency.ts'
import { up as idempotency } from './idempotency-migration.ts'
import { up as outbox } from './migration.ts'
import type { OutboxTables } from './tables.ts'

let database: TestDatabase<OutboxTables & IdempotencyTables>
const now = new Date('2027-01-01T10:00:00Z')

beforeAll(async () => {
  const migrations = { a: { up: outbox }, b: { up: idempotency } }
  database = await createTestDatabase({ name: 'kept', migrations })
})
beforeEach(() => sql`truncate outbox_parked, idempotency_keys`.execute(database.db))
afterAll(() => database?.drop())

let position = 0

async function park({ subject = randomUUID(), data = '{}', days = 0 } = {}) {
  position += 1
  await sql`
    insert into outbox_parked (position, id, topic, key, type, source, subject, time, dataschema, sequence, data,
      created_at, parked_at, reason)
    values (${position}, ${randomUUID()}, 't', ${subject}, 't.v1', '/t', ${subject}, 'now', 'urn:t', 1, ${data},
      now(), now() - make_interval(days => ${days}), 'MESSAGE_TOO_LARGE')`.execute(database.db)
}

async function store({ answer = '{}', hoursAgo = 0 } = {}) {
  const created_at = new Date(now.getTime() - hoursAgo * 3600_000)
  const bytes = Buffer.from(randomUUID())
  await database.db
    .insertInto('idempotency_keys')
    .values({ id: bytes, fingerprint: bytes, answer, created_at })
    .execute()
}

const parked = async () => (await database.db.selectFrom('outbox_parked').select('subject').execute()).length
const answers = async () => (await database.db.selectFrom('idempotency_keys').select('id').execute()).length

it('keeps parked messages for 30 days, and removes no more than it is asked to at once', async () => {
  for (const days of [1, 29, 31, 32, 400]) await park({ days })
  expect(await removeParked(database.db, 2)).toBe(2)
  expect(await removeParked(database.db, 2)).toBe(1)
  expect(await parked()).toBe(2)
})

it('keeps answers for a day, and removes no more than it is asked to at once', async () => {
  for (const hoursAgo of [1, 23, 25, 26, 400]) await store({ hoursAgo })
  expect(await removeAnswers(database.db, now, 2)).toBe(2)
  expect(await removeAnswers(database.db, now, 2)).toBe(1)
  expect(await answers()).toBe(2)
})

it('leaves nothing of a person who is erased, and everything of others', async () => {
  const [ada, bob] = [randomUUID(), randomUUID()]
  await park({ subject: ada })
  await park({ data: JSON.stringify({ attendeeId: ada }) })
  await park({ subject: bob })
  await store({ answer: JSON.stringify({ status: 201, body: { id: ada, email: 'ada@example.org' } }) })
  await store({ answer: JSON.stringify({ status: 201, body: { id: bob } }) })
  await eraseKept(database.db, [ada])
  expect([await parked(), await answers()]).toEqual([1, 1])
  await eraseKept(database.db, [])
  expect([await parked(), await answers()]).toEqual([1, 1])
})
