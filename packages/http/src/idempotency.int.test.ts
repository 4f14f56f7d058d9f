import { removeAnswers } from '@rollcall/outbox/clean-up'
import type { IdempotencyTables } from '@rollcall/outbox/idempotency'
import { up } from '@rollcall/outbox/idempotency-migration'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import type { Kysely, Transaction } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createIdempotency } from './idempotency.ts'
import type { IdempotentRequest } from './operation.ts'

interface Tables extends IdempotencyTables {
  things: { name: string }
}

const NOW = new Date('2027-01-01T10:00:00Z')
const clock = { now: () => NOW }

let database: TestDatabase<Tables>
let key: string

beforeAll(async () => {
  const things = {
    up: (db: Kysely<unknown>) => db.schema.createTable('things').addColumn('name', 'text').execute(),
  }
  database = await createTestDatabase<Tables>({ name: 'idempotency', migrations: { a: { up }, b: things } })
})
beforeEach(() => {
  key = crypto.randomUUID()
})
afterEach(async () => {
  await database.db.deleteFrom('things').execute()
})
afterAll(() => database?.drop())

const transact = <Result>(work: (tx: Transaction<Tables>) => Promise<Result>) => database.db.transaction().execute(work)

/** Makes a thing once, as a route handler would. */
function make(name: string, changes: Partial<IdempotentRequest> = {}, fail?: Error) {
  const once = createIdempotency<Tables>({ db: database.db, transact, clock })
  return once({
    request: { scope: 'ada:makeThing:/things', signedIn: true, key, body: { name }, ...changes },
    work: (change) =>
      change(async (tx) => {
        await tx.insertInto('things').values({ name }).execute()
        if (fail) throw fail
        return name
      }),
    answer: (made: string) => ({ status: 201, headers: { location: `/things/${made}` }, body: { made } }),
  })
}

async function things(): Promise<string[]> {
  const rows = await database.db.selectFrom('things').select('name').execute()
  return rows.map(({ name }) => name)
}

const reused = expect.objectContaining({ code: 'IdempotencyKeyReused', status: 422 })

it('answers a retry as it answered before, headers included', async () => {
  const first = await make('one')
  expect(await make('one')).toEqual(first)
  expect(first).toEqual({ status: 201, headers: { location: '/things/one' }, body: { made: 'one' } })
  expect(await things()).toEqual(['one'])
})

it('does work once for ten that ask at the same time', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => make('one')))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(await things()).toEqual(['one'])
})

it('refuses the same key with another body, also at the same time', async () => {
  const results = await Promise.allSettled([make('one'), make('other')])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: reused })
  expect(await things()).toHaveLength(1)
})

it('takes members in another order for the same request', async () => {
  const first = await make('one', { body: { name: 'one', about: { a: 1, b: [{ c: 1, d: 2 }] } } })
  expect(await make('one', { body: { about: { b: [{ d: 2, c: 1 }], a: 1 }, name: 'one' } })).toEqual(first)
  await expect(make('one', { body: { about: { b: [{ d: 2 }, { c: 1 }], a: 1 }, name: 'one' } })).rejects.toEqual(reused)
  expect(await things()).toEqual(['one'])
})

it('never lets two strangers meet who chose the same key', async () => {
  const anonymous = { scope: 'anonymous:signUp:/auth/register', signedIn: false }
  const first = await make('one', anonymous)
  expect(await make('other', anonymous)).toMatchObject({ body: { made: 'other' } })
  expect(await make('one', anonymous)).toEqual(first)
  expect(await things()).toEqual(['one', 'other'])
})

it('keeps the keys of callers and operations apart', async () => {
  await make('one')
  await make('other', { scope: 'bob:makeThing:/things' })
  await make('another', { scope: 'ada:makeThing:/things/1' })
  expect(await things()).toHaveLength(3)
})

it('stores nothing of work that failed: a retry may succeed, also with another body', async () => {
  await expect(make('one', {}, new Error('no seat'))).rejects.toThrow('no seat')
  expect(await things()).toEqual([])
  expect(await make('other')).toMatchObject({ status: 201 })
})

it('does work as often as it is asked without a key', async () => {
  await make('one', { key: undefined })
  await make('one', { key: undefined })
  expect(await things()).toEqual(['one', 'one'])
})

it('stores neither the key nor the body', async () => {
  await make('canary-body')
  const stored = await database.db.selectFrom('idempotency_keys').selectAll().execute()
  const bytes = stored.map(({ id, fingerprint }) => `${id.toString('latin1')}${fingerprint.toString('latin1')}`).join()
  expect(bytes).not.toContain('canary')
  expect(bytes).not.toContain(key)
})

it('forgets answers after a day, and not before', async () => {
  await make('one')
  const after = (hours: number) => new Date(NOW.getTime() + hours * 3600_000)
  expect(await removeAnswers(database.db, after(23), 1000)).toBe(0)
  await expect(make('other')).rejects.toEqual(reused)
  expect(await removeAnswers(database.db, after(25), 1000)).toBeGreaterThan(0)
  await expect(make('other')).resolves.toMatchObject({ status: 201 })
})
