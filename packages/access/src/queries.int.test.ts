import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { up } from './migration.ts'
import { createFindCaller, insertEndedSessions } from './queries.ts'
import type { AccessTables } from './tables.ts'

let database: TestDatabase<AccessTables>

beforeAll(async () => {
  database = await createTestDatabase<AccessTables>({
    name: 'access',
    migrations: { '20261121T000000Z-access': { up } },
  })
})
afterAll(() => database?.drop())

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

it('answers a burst of callers each with what is known of themselves', async () => {
  const plain = { nickname: '', role: 'authenticated', professional: false, operator: false } as const
  const rows = Array.from({ length: 60 }, (_, number) => ({
    ...plain,
    id: id(number),
    sequence: number,
    locked: number % 3 === 0,
    erased: number % 5 === 0,
  }))
  await database.db.insertInto('known_users').values(rows).execute()
  const ended = rows.filter(({ sequence }) => sequence % 7 === 0)
  const expires_at = new Date(Date.now() + 60_000)
  await insertEndedSessions(
    database.db,
    ended.map(({ sequence }) => ({ session_id: id(1000 + sequence), expires_at })),
  )
  const findCaller = createFindCaller(database.db)
  // The last of them have told nobody of themselves yet.
  const asked = Array.from({ length: 70 }, (_, number) => number).reverse()
  const found = await Promise.all(asked.map((number) => findCaller(id(number), id(1000 + number))))
  for (const [index, number] of asked.entries()) {
    const { role, professional, operator } = plain
    const user = { sequence: number, role, professional, operator, barred: number % 3 === 0 || number % 5 === 0 }
    expect(found[index]).toEqual({
      user: number < 60 ? user : undefined,
      sessionEnded: number < 60 && number % 7 === 0,
    })
  }
})

it('knows of a lock as soon as it is committed, however many ask', async () => {
  const findCaller = createFindCaller(database.db)
  const crowd = Array.from({ length: 50 }, (_, number) => findCaller(id(number), id(2000)))
  await database.db.updateTable('known_users').set({ locked: true }).where('id', '=', id(1)).execute()
  expect((await findCaller(id(1), id(2000))).user?.barred).toBe(true)
  await Promise.all(crowd)
})
