import { createTransact } from '@rollcall/outbox/transact'
import { systemClock } from '@rollcall/runtime/clock'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { newId } from '@rollcall/runtime/ids'
import { createLogger } from '@rollcall/runtime/logger'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { aPurpose } from '../../test/a-purpose.ts'
import { migrations } from '../database/migrations.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { type LinkRequests, type MailLink, startLinkRequests } from './requests.ts'

const purpose = aPurpose()

let database: TestDatabase<UsersDatabase>
let requests: LinkRequests | undefined

beforeAll(async () => {
  database = await createTestDatabase<UsersDatabase>({ name: 'requests', migrations })
})
beforeEach(() => database.db.deleteFrom('link_requests').execute())
afterEach(() => requests?.stop())
afterAll(() => database?.drop())

function start(mailLink: MailLink): LinkRequests {
  const { db } = database
  const log = createLogger({ service: 'test', level: 'silent' })
  const transact = createTransact(db, { wake: () => {} })
  requests = startLinkRequests({ db, transact, clock: systemClock, log, mailLink: { [purpose.name]: mailLink } })
  return requests
}

/** Adds a request as a process that has died since would have left it. */
async function leave(name: string, { purposeName = purpose.name, at = 0 } = {}): Promise<string> {
  const row = { id: newId(), purpose: purposeName, email_key: name, requested_at: new Date(at) }
  await database.db.insertInto('link_requests').values(row).execute()
  return row.id
}

const open = async () => {
  const rows = await database.db.selectFrom('link_requests').select('email_key').orderBy('email_key').execute()
  return rows.map(({ email_key }) => email_key)
}

it('gives a request up that fails, and deals with those behind it', async () => {
  const dealtWith: string[] = []
  await leave('broken', { at: 1 })
  await leave('good', { at: 2 })
  const running = start(async (_, emailKey) => {
    if (emailKey === 'broken') throw new Error('cannot be sealed')
    dealtWith.push(emailKey)
  })
  await running.add(purpose, 'newest')
  await expect.poll(open).toEqual([])
  expect(dealtWith).toEqual(['good', 'newest'])
})

it('gives up the request that failed and no other, also when another process has it in hand by then', async () => {
  const broken = await leave('broken', { at: 1 })
  await leave('good', { at: 2 })
  const dealtWith: string[] = []
  const letGo = Promise.withResolvers<void>()
  let elsewhere: Promise<unknown> | undefined
  const running = start(async (_, emailKey) => {
    if (emailKey !== 'broken') return void dealtWith.push(emailKey)
    // The other process waits for the row, and has it as soon as this transaction is rolled back.
    elsewhere ??= database.db.transaction().execute(async (tx) => {
      await tx.selectFrom('link_requests').select('id').where('id', '=', broken).forUpdate().execute()
      await letGo.promise
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    throw new Error('cannot be sealed')
  })
  await running.add(purpose, 'newest')
  setTimeout(letGo.resolve, 500)
  await expect.poll(open).toEqual([])
  await elsewhere
  expect(dealtWith).toEqual(['good', 'newest'])
})

it('keeps a request while an engine is away', async () => {
  let away = true
  const dealtWith: string[] = []
  const running = start(async (_, emailKey) => {
    if (away) throw new EngineAway('PostgreSQL')
    dealtWith.push(emailKey)
  })
  await running.add(purpose, 'patient')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await open()).toEqual(['patient'])
  away = false
  await expect.poll(open, { timeout: 10_000 }).toEqual([])
  expect(dealtWith).toEqual(['patient'])
})

it('leaves what it does not know to a newer version', async () => {
  await leave('from-tomorrow', { purposeName: 'not-yet-known', at: 1 })
  const running = start(async () => {})
  await running.add(purpose, 'known')
  await expect.poll(open).toEqual(['from-tomorrow'])
})
