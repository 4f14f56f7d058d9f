import { EngineAway } from '@rollcall/runtime/engine-away'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDatabase } from './connect.ts'

interface Tables {
  people: { id: number; name: string }
}

let database: TestDatabase<Tables>
/** Of one connection, so that what is prepared is prepared on it. */
let db: Kysely<Tables>

beforeEach(async () => {
  database = await createTestDatabase<Tables>({ name: 'prepared', migrations: {} })
  await sql`create table people (id int primary key, name text not null)`.execute(database.db)
  await sql`insert into people values (1, 'Ada')`.execute(database.db)
  db = createDatabase({ url: database.url, maxConnections: 1, applicationName: 'test' })
})
afterEach(async () => {
  await db.destroy()
  await database.drop()
})

const listed = () => sql`select id, name from people where id = ${1}`.execute(db).then(({ rows }) => rows)
const whole = () => sql`select * from people where id = ${1}`.execute(db).then(({ rows }) => rows)

async function often(ask: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 8; i += 1) await ask()
}

async function preparedTexts(): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db)
  return rows.map(({ statement }) => statement)
}

it('prepares the statements that keep coming', async () => {
  await listed()
  expect(await preparedTexts()).toEqual([])
  await often(listed)
  expect(await preparedTexts()).toEqual(['select id, name from people where id = $1'])
})

it('goes on while a migration adds, fills and removes columns', async () => {
  await often(listed)
  let migrating = true
  const reading = (async () => {
    while (migrating) expect(await listed()).toEqual([{ id: 1, name: 'Ada' }])
  })()
  await sql`alter table people add column nickname text not null default 'ada'`.execute(database.db)
  await sql`update people set nickname = name`.execute(database.db)
  await sql`create index on people (nickname)`.execute(database.db)
  await sql`alter table people drop column nickname`.execute(database.db)
  migrating = false
  await reading
})

it('asks over a new connection once a migration has changed what a statement gives', async () => {
  await often(whole)
  await sql`alter table people add column nickname text`.execute(database.db)
  await expect(whole()).rejects.toThrow(EngineAway)
  expect(await whole()).toEqual([{ id: 1, name: 'Ada', nickname: null }])
})

it('prepares a statement that failed before, once it can be', async () => {
  const later = () => sql`select id from later where id = ${1}`.execute(db)
  for (let i = 0; i < 5; i += 1) await expect(later()).rejects.toThrow('does not exist')
  await sql`create table later (id int)`.execute(database.db)
  await often(later)
  expect(await preparedTexts()).toContain('select id from later where id = $1')
})
