import { type Kysely, sql } from 'kysely'
import { expect, it } from 'vitest'
import { createTestDatabase } from './database.ts'

const migrations = {
  '20260101T000000Z-seats': {
    up: async (db: Kysely<unknown>) => {
      await sql`create table seats (id int primary key)`.execute(db)
    },
  },
}

it('gives each caller a migrated database of its own', async () => {
  const [one, other] = await Promise.all([
    createTestDatabase<{ seats: { id: number } }>({ name: 'testing', migrations }),
    createTestDatabase<{ seats: { id: number } }>({ name: 'testing', migrations }),
  ])
  await one.db.insertInto('seats').values({ id: 1 }).execute()
  expect(await one.db.selectFrom('seats').selectAll().execute()).toEqual([{ id: 1 }])
  expect(await other.db.selectFrom('seats').selectAll().execute()).toEqual([])
  await Promise.all([one.drop(), other.drop()])
})
