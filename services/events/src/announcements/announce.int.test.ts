import { createTransact } from '@rollcall/outbox/transact'
import { type Checkpoint, noCheckpoint } from '@rollcall/runtime/checkpoint'
import { systemClock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { anEventRow, aRegistration } from '../../test/rows.ts'
import { migrations } from '../database/migrations.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { announce } from './announce.ts'

const PEOPLE = 350

let database: TestDatabase<EventsDatabase>
let notificationsKey: JWK

beforeAll(async () => {
  database = await createTestDatabase<EventsDatabase>({ name: 'announce', migrations })
  notificationsKey = await exportJWK((await generateKeyPair('ECDH-ES', { extractable: true })).publicKey)
})
beforeEach(async () => {
  for (const table of ['outbox', 'registrations', 'events'] as const) await database.db.deleteFrom(table).execute()
})
afterAll(() => database?.drop())

const announcing = (checkpoint: Checkpoint = noCheckpoint) => {
  const { db } = database
  const transact = createTransact<EventsDatabase>(db, { wake() {} })
  return announce({ db, transact, clock: systemClock, notificationsKey, checkpoint })
}

/** Fails as often as it may: what follows a part is lost each time. */
async function untilDone(): Promise<number> {
  let failures = 0
  for (;;) {
    try {
      await announcing(async () => {
        throw new Error('lost')
      })
      return failures
    } catch {
      failures += 1
    }
  }
}

async function aFullEvent(changes: Parameters<typeof anEventRow>[0]): Promise<string> {
  const row = anEventRow({ capacity: PEOPLE, seats_taken: PEOPLE, checked_in_count: 1, announcing: true, ...changes })
  await database.db.insertInto('events').values(row).execute()
  const people = Array.from({ length: PEOPLE }, (_, index) =>
    aRegistration({ event_id: row.id, checked_in_at: index === 0 ? row.created_at : null }),
  )
  await database.db.insertInto('registrations').values(people).execute()
  const { start_at, end_at, time_zone, location, online_url } = anEventRow()
  const before = { event_id: row.id, version: 1, start_at, end_at, time_zone, location, online_url }
  await database.db.insertInto('event_schedules').values(before).execute()
  return row.id
}

async function timesTold(type: string) {
  const rows = await database.db.selectFrom('outbox').select('subject').where('type', '=', type).execute()
  return { facts: rows.length, people: new Set(rows.map(({ subject }) => subject)).size }
}

const cancelled = { status: 'CANCELLED', cancelled_by: newId() } as const
const moved = { location: 'Elsewhere', schedule_version: 2 }

describe('telling everybody who holds a place', () => {
  it.each([
    ['registration.cancelled.v1', cancelled],
    ['registration.rescheduled.v1', moved],
  ])('goes on with the next part wherever it was lost, and tells nobody twice: %s', async (type, changes) => {
    await aFullEvent(changes)
    expect(await untilDone()).toBe(Math.ceil(PEOPLE / 100))
    expect(await timesTold(type)).toEqual({ facts: PEOPLE, people: PEOPLE })
  })

  it.each([
    ['registration.cancelled.v1', cancelled],
    ['registration.rescheduled.v1', moved],
  ])('is done once by two who do it at once: %s', async (type, changes) => {
    await aFullEvent(changes)
    await Promise.all([announcing(), announcing()])
    expect(await timesTold(type)).toEqual({ facts: PEOPLE, people: PEOPLE })
  })

  it('leaves counters as the rows are', async () => {
    const id = await aFullEvent(cancelled)
    await announcing()
    const counters = ['seats_taken', 'waitlist_count', 'checked_in_count', 'announcing'] as const
    const event = await database.db.selectFrom('events').select(counters).where('id', '=', id).executeTakeFirst()
    expect(event).toEqual({ seats_taken: 0, waitlist_count: 0, checked_in_count: 0, announcing: false })
  })
})
