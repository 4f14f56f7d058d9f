import { createApiClient } from '@rollcall/testing/api-client'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsDatabase } from '../services/events/src/database/tables.ts'
import { anEvent, join, PASSWORD, type Person } from './person.ts'
import { type System, startSystem } from './system.ts'

const PEOPLE = 40
const SEATS = 5

let system: System
let admin: Person
let people: Person[]
let eventsApis: ReturnType<typeof createApiClient>[]

beforeAll(async () => {
  system = await startSystem()
  admin = await join(system)
  people = []
  for (let i = 0; i < PEOPLE / 10; i += 1) {
    people.push(...(await Promise.all(Array.from({ length: 10 }, () => join(system)))))
  }
  const another = await system.startAnother('events')
  eventsApis = [system.processes.events, another].map(({ baseUrl }) => createApiClient(baseUrl))
}, 120_000)

afterAll(() => system?.stop())

interface Rush {
  capacity: number
  /** Each of them asks in both processes; default: in one of the two. */
  twice?: boolean
}

/** Everybody asks for a seat at once, in two processes. Gives how many were told that they have one, or why not. */
async function rush({ capacity, twice = false }: Rush) {
  const event = await system.api.post('/events', { token: admin.token, body: anEvent({ capacity }) })
  const path = `/events/${event.body.id}/registrations`
  const asking = people.flatMap(({ token }, index) => {
    const apis = twice ? eventsApis : eventsApis.slice(index % 2).slice(0, 1)
    return apis.map((api) => api.post(path, { token, body: { waitlist: false } }))
  })
  const answers = await Promise.all(asking)
  const refused = (wanted: string) => answers.filter(({ body }) => body.error === wanted).length
  const confirmed = answers.filter(({ status }) => status === 201).length
  return { eventId: event.body.id, confirmed, full: refused('EventFull'), already: refused('AlreadyRegistered') }
}

const countRows = async (eventId: string) => {
  const db = system.databases.events.db as Kysely<EventsDatabase>
  const rows = await db.selectFrom('registrations').select('id').where('event_id', '=', eventId).execute()
  return rows.length
}

describe(`${PEOPLE} people and ${SEATS} seats, over two processes`, () => {
  it('gives exactly the seats that there are', async () => {
    const { eventId, confirmed, full } = await rush({ capacity: SEATS })
    expect({ confirmed, full }).toEqual({ confirmed: SEATS, full: PEOPLE - SEATS })
    expect(await countRows(eventId)).toBe(SEATS)
    const { body } = await system.api.get(`/events/${eventId}`)
    expect(body).toMatchObject({ registeredCount: SEATS, seatsLeft: 0 })
  })

  it('gives each of them one, though they ask in both', async () => {
    const { eventId, confirmed, already } = await rush({ capacity: PEOPLE, twice: true })
    expect({ confirmed, already }).toEqual({ confirmed: PEOPLE, already: PEOPLE })
    expect(await countRows(eventId)).toBe(PEOPLE)
  })

  it('would oversell if the seats were not counted: the race is real', async () => {
    const { db } = system.databases.events
    // The counter stands still, so that the guard of the statement and the constraint see seats for ever.
    await sql`
      create function forget_seat() returns trigger language plpgsql as $$
      begin new.seats_taken := old.seats_taken; return new; end $$`.execute(db)
    await sql`create trigger forget_seat before update on events for each row execute function forget_seat()`.execute(
      db,
    )
    try {
      const { eventId, confirmed } = await rush({ capacity: SEATS })
      expect(confirmed).toBe(PEOPLE)
      expect(await countRows(eventId)).toBeGreaterThan(SEATS)
    } finally {
      await sql`drop trigger forget_seat on events`.execute(db)
    }
  })
})

it('gives one account to forty who sign up with one address, over two processes', async () => {
  const another = await system.startAnother('users')
  const apis = [system.processes.users, another].map(({ baseUrl }) => createApiClient(baseUrl))
  const spellings = ['crowd@example.org', 'Crowd@EXAMPLE.org', ' crowd@example.org ', 'CROWD@example.org']
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => {
      const body = { email: spellings[index % spellings.length], password: PASSWORD }
      return apis[index % 2]?.post('/auth/register', { body })
    }),
  )
  expect(answers.map((answer) => answer?.status).sort()).toEqual([201, ...Array(39).fill(409)])
  const isToCrowd = ({ to }: { to: string[] }) => to.some((address) => address.toLowerCase() === 'crowd@example.org')
  await system.sink.waitForMail(isToCrowd, 20_000)
  expect(system.sink.mails.filter(isToCrowd)).toHaveLength(1)
})
