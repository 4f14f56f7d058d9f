import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findPage, MAX_EXACT_TOTAL } from './paging.ts'
import type { Sort } from './sorting.ts'

interface Thing {
  id: string
  kind: string
}
interface Tables {
  things: Thing
}

let database: TestDatabase<Tables>
const id = sql.ref('id')
const sort: Sort<Thing> = { name: 'id', column: id, id, kind: 'text', value: (row) => row.id, idOf: (row) => row.id }

beforeAll(async () => {
  const up = async (db: Kysely<unknown>) => {
    await sql`create table things (id uuid primary key default gen_random_uuid(), kind text not null)`.execute(db)
  }
  database = await createTestDatabase<Tables>({ name: 'paging', migrations: { a: { up } } })
  await sql`insert into things (kind) select 'many' from generate_series(1, ${MAX_EXACT_TOTAL + 5}::int)`.execute(
    database.db,
  )
  await sql`insert into things (kind) values ('few'), ('few')`.execute(database.db)
})
afterAll(() => database?.drop())

async function counted(kind: string): Promise<number> {
  const { db } = database
  const filtered = db.selectFrom('things').where('kind', '=', kind)
  const found = await findPage({ db, filtered, select: (query) => query.selectAll(), sort }, { limit: 1 })
  return found.counted
}

const remove = (kind: string) => database.db.deleteFrom('things').where('kind', '=', kind).execute()

it('counts a short list each time, and a long one up to where counting stops', async () => {
  expect([await counted('many'), await counted('few'), await counted('none')]).toEqual([MAX_EXACT_TOTAL + 1, 2, 0])
  await sql`delete from things where id in (select id from things where kind = 'few' limit 1)`.execute(database.db)
  expect(await counted('few')).toBe(1)
})

it('takes a long list for long for a while, and no other for it', async () => {
  expect(await counted('many')).toBe(MAX_EXACT_TOTAL + 1)
  await remove('many')
  expect(await counted('many')).toBe(MAX_EXACT_TOTAL + 1)
  expect(await counted('few')).toBe(1)
})
