import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { keepNewest } from './keep-newest.ts'

interface Tables {
  people: { id: string; sequence: number; name: string | null; role: string }
}

let database: TestDatabase<Tables>

beforeAll(async () => {
  const people = {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('people')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('sequence', 'bigint', (column) => column.notNull())
        .addColumn('name', 'text')
        .addColumn('role', 'text', (column) => column.notNull())
        .execute(),
  }
  database = await createTestDatabase<Tables>({ name: 'newest', migrations: { a: people } })
})
beforeEach(() => database.db.deleteFrom('people').execute())
afterAll(() => database?.drop())

const keep = (...rows: Tables['people'][]) => keepNewest(database.db, 'people', rows)
const kept = () => database.db.selectFrom('people').selectAll().orderBy('id').execute()
const ada = { id: 'ada', sequence: 2, name: 'Ada', role: 'manager' }

it('adds what is new, and replaces every column by a higher sequence', async () => {
  await keep(ada, { id: 'bob', sequence: 1, name: null, role: 'authenticated' })
  const newer = { id: 'ada', sequence: 5, name: null, role: 'admin' }
  await keep(newer)
  expect(await kept()).toEqual([newer, { id: 'bob', sequence: 1, name: null, role: 'authenticated' }])
})

it('leaves what it has for the same or a lower sequence', async () => {
  await keep(ada)
  await keep({ ...ada, role: 'admin' })
  await keep({ ...ada, sequence: 1, role: 'authenticated' })
  expect(await kept()).toEqual([ada])
})

it('does nothing for nothing', async () => {
  await keep()
  expect(await kept()).toEqual([])
})

it('does not compile for a row that leaves a column out', async () => {
  await keep(ada)
  // @ts-expect-error the name may be null, and an insert could leave it out; the old one would stay
  await keepNewest(database.db, 'people', [{ id: 'ada', sequence: 5, role: 'admin' }])
  expect(await kept()).toEqual([{ ...ada, sequence: 5, role: 'admin' }])
})
