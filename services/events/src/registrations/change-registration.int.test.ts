import { newId } from '@rollcall/runtime/ids'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import type { Transaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { anEventRow, aRegistration, now } from '../../test/rows.ts'
import { migrations } from '../database/migrations.ts'
import type { EventsDatabase } from '../database/tables.ts'
import { newEvent } from '../events/new-event.ts'
import type { Event } from '../events/tables.ts'
import { changeRegistration } from './change-registration.ts'
import type { Registration } from './tables.ts'
import { takeSeat } from './take-seat.ts'

type Tx = Transaction<EventsDatabase>

let database: TestDatabase<EventsDatabase>
let event: Event

beforeAll(async () => {
  database = await createTestDatabase<EventsDatabase>({ name: 'change-registration', migrations })
})
beforeEach(async () => {
  for (const table of ['outbox', 'registrations', 'events'] as const) await database.db.deleteFrom(table).execute()
  event = await database.db.insertInto('events').values(anEventRow()).returningAll().executeTakeFirstOrThrow()
})
afterAll(() => database?.drop())

const within = <Result>(work: (tx: Tx) => Promise<Result>) => database.db.transaction().execute(work)

async function stored(changes: Partial<Registration> = {}): Promise<Registration> {
  const row = aRegistration({ event_id: event.id, ...changes })
  return database.db.insertInto('registrations').values(row).returningAll().executeTakeFirstOrThrow()
}

async function told() {
  const rows = await database.db.selectFrom('outbox').select(['type', 'sequence', 'data']).orderBy('position').execute()
  return rows.map(({ type, sequence, data }) => ({ type, sequence, data: JSON.parse(String(data)) }))
}

const issue = (registration: Registration) => {
  const data = { objectKey: `${registration.id}.png` }
  return within((tx) => changeRegistration(tx, { action: 'issueTicket', by: 'system', registration, data, now }))
}
const checkIn = (registration: Registration) => {
  const data = { checkInId: newId(), scannedBy: newId() }
  return within((tx) => changeRegistration(tx, { action: 'checkIn', by: 'manager', registration, data, now }))
}

describe('changing a registration', () => {
  it.each([
    ['ticket.issued.v1', issue, { checkedInAt: null }],
    ['attendee.checked_in.v1', checkIn, { checkedInAt: now.toISOString() }],
  ])('raises its version by one and tells of it by snapshot, then %s', async (fact, change, state) => {
    const registration = await stored({ version: 4 })
    expect((await change(registration))?.version).toBe(5)
    const messages = await told()
    expect(messages.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['registration.snapshot.v1', 5],
      [fact, 5],
    ])
    expect(messages[0]?.data).toMatchObject({ registrationId: registration.id, ...state })
    const { id: registrationId, event_id: eventId, attendee_id: attendeeId } = registration
    expect(messages[1]?.data).toMatchObject({ registrationId, eventId, attendeeId })
  })

  it.each<[string, Partial<Registration>]>([
    ['cancelled', { status: 'CANCELLED', cancelled_at: now, cancel_reason: 'attendee' }],
    ['checked in already', { checked_in_at: now }],
  ])('is refused for one that is %s, and leaves nothing behind', async (_, changes) => {
    const registration = await stored(changes)
    await expect(checkIn(registration)).rejects.toThrow(TypeError)
    expect(await told()).toEqual([])
  })

  it('does nothing to one that was read before somebody else changed it', async () => {
    const registration = await stored()
    await issue(registration)
    expect(await checkIn(registration)).toBeUndefined()
    expect(await told()).toHaveLength(2)
  })
})

describe('taking a seat', () => {
  const take = (changes: Partial<Registration> = {}) => {
    const registration = aRegistration({ event_id: event.id, ...changes })
    return takeSeat(database.db, { registration, eventVersion: event.version })
  }

  it('stores the registration and tells of it by snapshot, then fact, of its first version', async () => {
    expect(await take()).toBe(true)
    expect((await told()).map(({ type, sequence }) => [type, sequence])).toEqual([
      ['registration.snapshot.v1', 1],
      ['registration.confirmed.v1', 1],
    ])
  })

  it('tells nobody of a seat that was not there', async () => {
    await database.db.updateTable('events').set({ seats_taken: event.capacity }).execute()
    expect(await take()).toBe(false)
    expect(await told()).toEqual([])
  })
})

it.each([
  ['all', 'PUBLISHED', 'event.published.v1'],
  ['below', 'PUBLISHED', 'event.published.v1'],
  ['own', 'PENDING', 'event.submitted.v1'],
] as const)(
  'makes an event by a permission that reaches %s %s, and tells of it by snapshot, then %s',
  async (scope, status, fact) => {
    const { id: _, version: __, status: ___, created_at: ____, updated_at: _____, ...row } = anEventRow()
    const made = await within((tx) => newEvent(tx, { row, scope, now }))
    const messages = await told()
    expect(messages.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['event.snapshot.v1', 1],
      [fact, 1],
    ])
    expect(messages[0]?.data).toMatchObject({ eventId: made.id, status })
  },
)
