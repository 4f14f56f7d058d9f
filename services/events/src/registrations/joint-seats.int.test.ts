import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase } from '@rollcall/database/connect'
import { addMilliseconds, type Clock, hours } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anEventRow, aRegistration, now } from '../../test/rows.ts'
import { migrations } from '../database/migrations.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { createRecentEvents } from '../events/recent-events.ts'
import type { Event } from '../events/tables.ts'
import { createJointSeats } from './joint-seats.ts'
import { type Commit, registerAttendee } from './register-attendee.ts'
import { AlreadyRegistered, EventFull } from './registration.ts'
import { takePlace } from './take-place.ts'

let database: TestDatabase<EventsDatabase>
let event: Event

beforeEach(async () => {
  database = await createTestDatabase<EventsDatabase>({ name: 'joint-seats', migrations })
  const row = anEventRow({ capacity: 30 })
  event = await database.db.insertInto('events').values(row).returningAll().executeTakeFirstOrThrow()
})
afterEach(() => database.drop())

const seatFor = (attendee_id = newId()) => ({
  registration: aRegistration({ event_id: event.id, attendee_id }),
  eventVersion: event.version,
})

async function active() {
  const rows = await database.db
    .selectFrom('registrations')
    .select(['id', 'attendee_id', sql<string>`xmin::text`.as('transaction')])
    .where('status', '<>', 'CANCELLED')
    .execute()
  const { seats_taken } = await database.db.selectFrom('events').select('seats_taken').executeTakeFirstOrThrow()
  return { rows, seatsTaken: seats_taken }
}

const factsAbout = async () => {
  const rows = await database.db.selectFrom('outbox').select(['type', 'subject', 'traceparent']).execute()
  return rows.filter(({ type }) => type === 'registration.confirmed.v1')
}

describe('seats that are asked for together', () => {
  it('are taken in one statement while another is under way', async () => {
    const take = createJointSeats(database.db)
    const seats = Array.from({ length: 20 }, () => seatFor())
    expect(await Promise.all(seats.map(take))).toEqual(seats.map(() => true))
    const { rows, seatsTaken } = await active()
    expect(rows.map(({ id }) => id).sort()).toEqual(seats.map(({ registration }) => registration.id).sort())
    expect(seatsTaken).toBe(20)
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(2)
    expect((await factsAbout()).map(({ subject }) => subject).sort()).toEqual(rows.map(({ id }) => id).sort())
  })

  it('are refused to those alone who have one already', async () => {
    const take = createJointSeats(database.db)
    const twice = newId()
    const asking = [seatFor(), seatFor(twice), seatFor(), seatFor(twice), seatFor()]
    const outcomes = await Promise.allSettled(asking.map(take))
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await active()).toMatchObject({ rows: { length: 4 }, seatsTaken: 4 })
    expect(await factsAbout()).toHaveLength(4)
  })

  it('go to those who asked first where not enough are left', async () => {
    const take = createJointSeats(database.db)
    await database.db.updateTable('events').set({ capacity: 6 }).execute()
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => take(seatFor())))
    expect(outcomes).toEqual([...Array(6).fill(true), ...Array(4).fill(false)])
    expect(await active()).toMatchObject({ rows: { length: 6 }, seatsTaken: 6 })
  })

  it('are not taken of an event that has changed meanwhile', async () => {
    const take = createJointSeats(database.db)
    const asking = Array.from({ length: 5 }, () => seatFor())
    await database.db.updateTable('events').set({ version: 2 }).execute()
    expect(await Promise.all(asking.map(take))).toEqual(Array(5).fill(false))
    expect(await factsAbout()).toEqual([])
  })
})

/** A process as far as seats are concerned: connections, joint seats and recent events of its own. */
function startAnother() {
  const db = createDatabase<EventsDatabase>({ url: database.url, maxConnections: 10, applicationName: 'test' })
  const take = createJointSeats(db)
  const clock: Clock = { now: () => now }
  const recentEvents = createRecentEvents(db)
  const commit: Commit = (work) => work({ takeSeat: take, takePlace: (seat) => takePlace(db, seat) })
  const register = (attendeeId: string) =>
    registerAttendee(
      { db, clock, recentEvents, ticketCodes: { current: () => 1 }, commit },
      { eventId: event.id, attendeeId, waitlist: false },
    )
  return { db, register }
}

/** Gives a seat back, as a cancellation does: in the order in which everybody locks both rows. */
async function cancelOne(db: Kysely<EventsDatabase>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('events').set({ seats_taken: sql`seats_taken - 1` }).execute()
    const first = tx.selectFrom('registrations').select('id').where('status', '=', 'CONFIRMED').limit(1)
    const { numUpdatedRows } = await tx
      .updateTable('registrations')
      .set({ status: 'CANCELLED', cancelled_at: now, cancel_reason: 'attendee' })
      .where('id', 'in', first)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new Error('there was none to cancel')
  })
}

describe('a rush of two processes with duplicates, cancellations and edits in between', () => {
  const PEOPLE = 120

  async function rush() {
    const processes = [startAnother(), startAnother()]
    const people = Array.from({ length: PEOPLE }, () => newId())
    const asking = people.flatMap((person) => processes.map(({ register }) => register(person)))
    const disturbing = (async () => {
      for (let i = 1; i <= 10; i += 1) {
        await cancelOne(database.db).catch(() => {})
        await sleep(5)
        const start_at = addMilliseconds(now, hours(1 + i / 100))
        await database.db
          .updateTable('events')
          .set({ version: sql`version + 1`, title: `Title ${i}`, start_at })
          .execute()
      }
    })()
    const outcomes = await Promise.allSettled(asking)
    await disturbing
    for (const { db } of processes) await db.destroy()
    const confirmed = outcomes.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []))
    const refusals = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason as Error] : []))
    return { confirmed, refusals }
  }

  it('gives every seat once, tells of each, and refuses the others with their reason', async () => {
    const { confirmed, refusals } = await rush()
    const all = await database.db.selectFrom('registrations').selectAll().execute()
    const { rows, seatsTaken } = await active()
    expect(rows).toHaveLength(seatsTaken)
    expect(seatsTaken).toBeLessThanOrEqual(event.capacity)
    expect(new Set(rows.map(({ attendee_id }) => attendee_id)).size).toBe(rows.length)
    expect(all.map(({ id }) => id).sort()).toEqual(confirmed.map(({ id }) => id).sort())
    expect((await factsAbout()).map(({ subject }) => subject).sort()).toEqual(all.map(({ id }) => id).sort())
    expect(refusals.filter((it) => !(it instanceof EventFull || it instanceof AlreadyRegistered))).toEqual([])
    // What people were told is what they have.
    for (const { id, event_title } of all) expect(confirmed.find((it) => it.id === id)?.event_title).toBe(event_title)
  })

  it('would seat people twice if the database did not refuse it: the race is real', async () => {
    await sql`drop index registrations_active_key`.execute(database.db)
    await database.db
      .updateTable('events')
      .set({ capacity: 10 * PEOPLE })
      .execute()
    await rush()
    const { rows } = await active()
    expect(new Set(rows.map(({ attendee_id }) => attendee_id)).size).toBeLessThan(rows.length)
  })
})
