import { createApiClient } from '@rollcall/testing/api-client'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsDatabase } from '../services/events/src/database/tables.ts'
import { checkSeats } from './invariants.ts'
import { anEvent, join, type Person, untilKnown } from './person.ts'
import { type System, startSystem } from './system.ts'
import { unguarded } from './unguarded.ts'

const PEOPLE = 24

let system: System
let admin: Person
let people: Person[]
let apis: ReturnType<typeof createApiClient>[]

beforeAll(async () => {
  system = await startSystem()
  admin = await join(system)
  people = []
  for (let round = 0; round < PEOPLE / 8; round += 1) {
    people.push(...(await Promise.all(Array.from({ length: 8 }, () => join(system)))))
  }
  const another = await system.startAnother('events')
  apis = [system.processes.events, another].map(({ baseUrl }) => createApiClient(baseUrl))
  await untilKnown(system, people.at(-1) as Person)
}, 120_000)

afterAll(() => system?.stop())

const database = () => system.databases.events.db as Kysely<EventsDatabase>
const api = (index: number) => apis[index % apis.length] as (typeof apis)[number]
type Answer = Awaited<ReturnType<(typeof apis)[number]['post']>>

const publish = async (overrides: object = {}): Promise<string> => {
  const options = { token: admin.token, body: anEvent({ ...overrides }) }
  return (await system.api.post('/events', options)).body.id
}

/** Asks for everybody at once, in turn in both processes. */
const everybody = <Answer>(ask: (index: number, person: Person) => Promise<Answer>, who = people) =>
  Promise.all(who.map((person, index) => ask(index, person)))

const register = (index: number, { token }: Person, eventId: string, body?: object) =>
  api(index).post(`/events/${eventId}/registrations`, { token, ...(body ? { body } : {}) })
const cancel = (index: number, { token }: Person, id: string) =>
  api(index).call('DELETE', `/registrations/${id}`, { token })

const without = <Result>(table: string, undo: string, race: () => Promise<Result>) =>
  unguarded(system.databases.events.db, { table, undo }, race)

/** What came of a race without its guard. */
async function forget(): Promise<void> {
  for (const table of ['scans', 'check_ins', 'registrations'] as const) await database().deleteFrom(table).execute()
  const nobody = { seats_taken: 0, waitlist_count: 0, checked_in_count: 0 }
  await database().updateTable('events').set(nobody).execute()
}

/** How many have a seat, by the rows. */
async function seated(eventId: string): Promise<number> {
  const seats = database().selectFrom('registrations').select('id').where('event_id', '=', eventId)
  return (await seats.where('status', '=', 'CONFIRMED').execute()).length
}

const FROZEN = 'new.seats_taken := old.seats_taken; new.waitlist_count := old.waitlist_count;'

describe('the last seat, over two processes', () => {
  async function rush(): Promise<number> {
    const eventId = await publish({ capacity: 1 })
    const two = people.slice(0, 2)
    const answers = await everybody((index, person) => register(index, person, eventId, { waitlist: false }), two)
    return answers.filter(({ status }) => status === 201).length
  }

  it('is one person’s', async () => {
    for (let round = 0; round < 5; round += 1) expect(await rush()).toBe(1)
    await checkSeats(system)
  })

  it('would be both’s if it were not counted: the race is real', async () => {
    expect(await without('events', FROZEN, rush)).toBe(2)
    await forget()
  })
})

describe('one person in two processes', () => {
  async function rush(): Promise<number> {
    const eventId = await publish({ capacity: 30 })
    const one = people[0] as Person
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => register(index, one, eventId)))
    return answers.filter(({ status }) => status === 201).length
  }

  it('R45: has one registration', async () => {
    expect(await rush()).toBe(1)
  })

  it('R45: would have several without the unique index: the race is real', async () => {
    await sql`drop index registrations_active_key`.execute(database())
    try {
      expect(await rush()).toBeGreaterThan(1)
    } finally {
      await forget()
      await sql`
        create unique index registrations_active_key on registrations (event_id, attendee_id)
          where status <> 'CANCELLED'`.execute(database())
    }
  })
})

describe('people who come back, over two processes', () => {
  /** Everybody has had a place at an event, and wants it again while others do; 3 seats. */
  async function comeBack(): Promise<string> {
    const eventId = await publish({ capacity: PEOPLE })
    const places = await everybody((index, person) => register(index, person, eventId))
    await everybody((index, person) => cancel(index, person, places[index]?.body.id))
    const headers = { 'if-match': '*' }
    const fewer = { token: admin.token, body: { capacity: 3 }, headers }
    expect((await system.api.patch(`/events/${eventId}`, fewer)).status).toBe(200)
    await everybody((index, person) => register(index, person, eventId))
    return eventId
  }

  it('R46: have no more seats than there are', async () => {
    expect(await seated(await comeBack())).toBe(3)
    await checkSeats(system)
  })

  it('R46: would have more if seats were not counted: the race is real', async () => {
    const eventId = await without('events', FROZEN, comeBack)
    expect(await seated(eventId)).toBeGreaterThan(3)
    await forget()
  })
})

describe('a capacity that is lowered while people register, over two processes', () => {
  /** Gives the capacity that it has in the end, and how many have a seat. */
  async function lower() {
    const eventId = await publish({ capacity: PEOPLE })
    const edits: number[] = []
    await everybody(async (index, person) => {
      await register(index, person, eventId, { waitlist: false })
      if (index % 4 !== 0) return
      const options = { token: admin.token, body: { capacity: 2 + index }, headers: { 'if-match': '*' } }
      edits.push((await api(index + 1).patch(`/events/${eventId}`, options)).status)
    })
    const { capacity } = (await system.api.get(`/events/${eventId}`)).body
    return { capacity, seats: await seated(eventId), edits }
  }

  it('R49: is never below the seats that are taken', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { capacity, seats, edits } = await lower()
      expect(seats).toBeLessThanOrEqual(capacity)
      expect(edits.every((status) => status === 200 || status === 409)).toBe(true)
    }
    await checkSeats(system)
  })

  it('R49: would be if nobody counted them: the race is real', async () => {
    const { capacity, seats } = await without('events', FROZEN, lower)
    expect(seats).toBeGreaterThan(capacity)
    await forget()
  })
})

describe('seats that are given up while people wait for them, over two processes', () => {
  /** Half of the people have a seat and give it up at once; the others wait. */
  async function giveUp(): Promise<string> {
    const half = PEOPLE / 2
    const eventId = await publish({ capacity: half })
    const first = await everybody((index, person) => register(index, person, eventId), people.slice(0, half))
    await everybody((index, person) => register(index, person, eventId), people.slice(half))
    const ids = first.map(({ body }) => body.id as string)
    await everybody((index, person) => cancel(index, person, String(ids[index])), people.slice(0, half))
    return eventId
  }

  it('are each somebody’s who waited, and nobody waits on', async () => {
    for (let round = 0; round < 2; round += 1) {
      const eventId = await giveUp()
      const { body } = await system.api.get(`/events/${eventId}`)
      expect(body).toMatchObject({ registeredCount: PEOPLE / 2, waitlistCount: 0, seatsLeft: 0 })
      expect(await seated(eventId)).toBe(PEOPLE / 2)
      const promoted = await database()
        .selectFrom('registrations')
        .select('attendee_id')
        .where('event_id', '=', eventId)
        .where('status', '=', 'CONFIRMED')
        .execute()
      expect(new Set(promoted.map(({ attendee_id }) => attendee_id)).size).toBe(PEOPLE / 2)
    }
    await checkSeats(system)
  })

  it('would not be as the counters say if those stood still: the race is real', async () => {
    const eventId = await without('events', FROZEN, giveUp)
    const { body } = await system.api.get(`/events/${eventId}`)
    expect(body.registeredCount).not.toBe(await seated(eventId))
    await forget()
  })
})

describe('a decision about an event, over two processes', () => {
  async function decide(): Promise<number[]> {
    const organizer = people[0] as Person
    await system.api.patch(`/users/${organizer.id}/role`, { token: admin.token, body: { role: 'organizer' } })
    const propose = () => system.api.post('/events', { token: organizer.token, body: anEvent() })
    await expect.poll(async () => (await propose()).status, { timeout: 10_000 }).toBe(201)
    const { id } = (await propose()).body
    const { token } = admin
    const answers = await Promise.all([
      api(0).post(`/events/${id}/approve`, { token }),
      api(1).post(`/events/${id}/reject`, { token, body: { reason: 'the hall is taken' } }),
    ])
    return answers.map(({ status }) => status).sort()
  }

  it('R55: is made once', async () => {
    for (let round = 0; round < 4; round += 1) expect(await decide()).toEqual([200, 409])
  })

  it('R55: would be made twice if the first were not seen: the race is real', async () => {
    const undo = 'new.status := old.status; new.version := old.version; new.rejection_reason := old.rejection_reason;'
    expect(await without('events', undo, decide)).toEqual([200, 200])
  })
})

describe('twenty gates, ten at each of two processes', () => {
  async function scanAtOnce(nonce?: string) {
    const eventId = await publish({ capacity: PEOPLE })
    const [{ body }] = (await everybody((index, person) => register(index, person, eventId))) as [Answer]
    const scan = { qrCode: body.ticketCode, eventId, ...(nonce ? { nonce } : {}) }
    return Promise.all(
      Array.from({ length: 20 }, (_, index) => api(index).post('/verify', { token: admin.token, body: scan })),
    )
  }
  const successes = (answers: Awaited<ReturnType<typeof scanAtOnce>>) =>
    answers.filter(({ body }) => body.code === 'checked_in').length

  it('R54: let the holder of one ticket in once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const answers = await scanAtOnce()
      expect(successes(answers)).toBe(1)
      expect(answers.filter(({ body }) => body.code === 'already_checked_in')).toHaveLength(19)
    }
  })

  it('are one scan when they send one nonce, with one answer', async () => {
    const answers = await scanAtOnce('the same')
    expect(successes(answers)).toBe(20)
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  it('R54: would let them in several times if no scan saw the other: the race is real', async () => {
    await sql`drop index check_ins_registration_key`.execute(database())
    const undo = 'new.checked_in_at := null; new.version := old.version;'
    expect(successes(await without('registrations', undo, scanAtOnce))).toBeGreaterThan(1)
  })
})

describe('what strangers read, in two processes', () => {
  it('is current in both right after a change', async () => {
    const eventId = await publish({ capacity: PEOPLE })
    const delays: number[] = []
    for (const [index, person] of people.entries()) {
      // Both have it at hand.
      await Promise.all(apis.map((each) => each.get(`/events/${eventId}`)))
      await register(index, person, eventId)
      const begun = performance.now()
      const here = await api(index).get(`/events/${eventId}`)
      expect(here.body.registeredCount).toBe(index + 1)
      const there = async () => (await api(index + 1).get(`/events/${eventId}`)).body.registeredCount
      await expect.poll(there, { timeout: 1000, interval: 5 }).toBe(index + 1)
      delays.push(performance.now() - begun)
    }
    // Kept answers would otherwise live for a second.
    expect(delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)]).toBeLessThan(500)
  })
})
