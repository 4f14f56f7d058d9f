import { createApiClient } from '@rollcall/testing/api-client'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsDatabase } from '../services/events/src/database/tables.ts'
import type { UsersDatabase } from '../services/users/src/database/tables.ts'
import { anEvent, join, mailedPath, PASSWORD, type Person, signIn, verificationPath } from './person.ts'
import { type System, startSystem } from './system.ts'
import { unguarded } from './unguarded.ts'

const PEOPLE = 40
const SEATS = 5

let system: System
let admin: Person
let people: Person[]
let eventsApis: ReturnType<typeof createApiClient>[]
let usersApis: ReturnType<typeof createApiClient>[]
/** Roles of those who were first to sign up, all at once. */
let firstRoles: string[]

beforeAll(async () => {
  system = await startSystem()
  usersApis = [system.processes.users, await system.startAnother('users')].map(({ baseUrl }) =>
    createApiClient(baseUrl),
  )
  admin = await firstAdmin()
  people = []
  for (let i = 0; i < PEOPLE / 10; i += 1) {
    people.push(...(await Promise.all(Array.from({ length: 10 }, () => join(system)))))
  }
  const another = await system.startAnother('events')
  eventsApis = [system.processes.events, another].map(({ baseUrl }) => createApiClient(baseUrl))
}, 120_000)

afterAll(() => system?.stop())

/** Twenty people are the first at once, in two processes of users; the one who became admin signs in. */
async function firstAdmin(): Promise<Person> {
  const answers = await inBoth(20, (api, index) =>
    api.post('/auth/register', { body: { email: `first-${index}@example.org`, password: PASSWORD } }),
  )
  firstRoles = answers.map(({ body }) => body.role)
  const { id, email } = answers.find(({ body }) => body.role === 'admin')?.body ?? {}
  await system.api.post(await verificationPath(system, email))
  return { id, email, ...(await signIn(system, email)) }
}

/** Asks so many times at once, in turn in both processes of users. */
function inBoth<Answer>(
  times: number,
  ask: (api: (typeof usersApis)[number], index: number) => Promise<Answer>,
): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: times }, (_, index) => {
      const api = usersApis[index % 2]
      if (!api) throw new Error('there are two processes')
      return ask(api, index)
    }),
  )
}

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
  it('R44: gives exactly the seats that there are', async () => {
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
    // The counter stands still, so that the guard of the statement and the constraint see seats for ever.
    const forgetful = { table: 'events', undo: 'new.seats_taken := old.seats_taken;' }
    const { eventId, confirmed } = await unguarded(system.databases.events.db, forgetful, () =>
      rush({ capacity: SEATS }),
    )
    expect(confirmed).toBe(PEOPLE)
    expect(await countRows(eventId)).toBeGreaterThan(SEATS)
  })
})

describe('accounts, over two processes', () => {
  const usersDb = () => system.databases.users.db as Kysely<UsersDatabase>

  const without = <Result>(table: string, undo: string, race: () => Promise<Result>) =>
    unguarded(system.databases.users.db, { table, undo }, race)

  it('S3, R20: make one admin of twenty who are the first', () => {
    expect(firstRoles.sort()).toEqual(['admin', ...Array(19).fill('anonymous')])
  })

  describe('forty sign-ups with one address', () => {
    async function signUp(name: string): Promise<number[]> {
      const spellings = [`${name}@example.org`, `${name}@EXAMPLE.org`, ` ${name}@example.org `, name.toUpperCase()]
      const answers = await inBoth(40, (api, index) => {
        const spelling = spellings[index % spellings.length] ?? ''
        const email = spelling.includes('@') ? spelling : `${spelling}@example.org`
        return api.post('/auth/register', { body: { email, password: PASSWORD } })
      })
      return answers.map(({ status }) => status).sort()
    }

    it('S4, R18, R19: are one account and one mail', async () => {
      expect(await signUp('crowd')).toEqual([201, ...Array(39).fill(409)])
      const isToCrowd = ({ to }: { to: string[] }) =>
        to.some((address) => address.toLowerCase() === 'crowd@example.org')
      await system.sink.waitForMail(isToCrowd, 20_000)
      expect(system.sink.mails.filter(isToCrowd)).toHaveLength(1)
    })

    it('S4: would be several accounts without the unique index: the race is real', async () => {
      await sql`drop index users_email_key`.execute(usersDb())
      try {
        expect((await signUp('mob')).filter((status) => status === 201).length).toBeGreaterThan(1)
      } finally {
        await usersDb().deleteFrom('users').where('email_key', '=', 'mob@example.org').execute()
        await sql`create unique index users_email_key on users (email_key)`.execute(usersDb())
      }
    })
  })

  describe('fifty wrong passwords', () => {
    async function guess(): Promise<number> {
      const { id, email } = await join(system)
      const answers = await inBoth(50, (api) => api.post('/auth/login', { body: { email, password: 'wrong' } }))
      // On a busy machine some are told to come back, which is no guess.
      expect(answers.filter(({ status }) => ![401, 503].includes(status))).toEqual([])
      const { failed_logins } = await usersDb()
        .selectFrom('users')
        .select('failed_logins')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return failed_logins
    }

    it('S17, R22: are five guesses', async () => {
      expect(await guess()).toBe(5)
    })

    it('S17: would be more if guesses under way did not count: the race is real', async () => {
      const undo = 'new.guesses_pending := 0; new.locked_until := null;'
      expect(await without('users', undo, guess)).toBeGreaterThan(5)
    })
  })

  describe('twenty refreshes of one token', () => {
    async function refresh() {
      const { refreshToken } = await join(system)
      const answers = await inBoth(20, (api) => api.post('/auth/refresh', { body: { refreshToken } }))
      return answers.filter(({ status }) => status === 200)
    }

    it('S28: have one successor, which lives', async () => {
      const successors = await refresh()
      expect(successors).toHaveLength(1)
      const next = { refreshToken: successors[0]?.body.refreshToken }
      expect((await system.api.post('/auth/refresh', { body: next })).status).toBe(200)
    })

    it('S28: would have several if nothing noted that it was replaced: the race is real', async () => {
      await sql`drop index refresh_tokens_living_key`.execute(usersDb())
      const successors = await without('refresh_tokens', 'new.replaced_at := null;', refresh)
      expect(successors.length).toBeGreaterThan(1)
      await usersDb().deleteFrom('refresh_tokens').execute()
      await sql`
        create unique index refresh_tokens_living_key on refresh_tokens (session_id)
          where replaced_at is null`.execute(usersDb())
    })
  })

  describe('a link to choose a password', () => {
    async function choose(): Promise<number> {
      const { email } = await join(system)
      await system.api.post('/auth/password/forgot', { body: { email } })
      const link = await mailedPath(system, email, /\S+\/auth\/password\/reset\/\S+/)
      const answers = await inBoth(20, (api, index) =>
        api.post(link, { body: { password: `Another horse ${index}!` } }),
      )
      return answers.filter(({ status }) => status === 200).length
    }

    it('S36: is used once of twenty times', async () => {
      expect(await choose()).toBe(1)
    })

    it('S36: would be used several times if nothing noted it: the race is real', async () => {
      expect(await without('link_tokens', 'new.used_at := null;', choose)).toBeGreaterThan(1)
    })
  })

  describe('two admins who demote each other', () => {
    /** Of an admin and another, in the order in which their answers came. */
    async function demote(other: Person): Promise<number[]> {
      const pairs = [
        [admin, other],
        [other, admin],
      ] as const
      const answers = await inBoth(2, (api, index) => {
        const [by, who] = pairs[index] ?? pairs[0]
        return api.patch(`/users/${who.id}/role`, { token: by.token, body: { role: 'organizer' } })
      })
      return answers.map(({ status }) => status).sort()
    }

    async function anotherAdmin(): Promise<Person> {
      const other = await join(system)
      await system.api.patch(`/users/${other.id}/role`, { token: admin.token, body: { role: 'admin' } })
      return other
    }

    it('S39: would both be heard if the first demotion were not seen: the race is real', async () => {
      const other = await anotherAdmin()
      expect(await without('users', 'new.role := old.role;', () => demote(other))).toEqual([200, 200])
      await system.api.patch(`/users/${other.id}/role`, { token: admin.token, body: { role: 'organizer' } })
    })

    it('S39: leave an admin', async () => {
      expect(await demote(await anotherAdmin())).toEqual([200, 403])
      const admins = await usersDb().selectFrom('users').select('id').where('role', '=', 'admin').execute()
      expect(admins).toHaveLength(1)
    })
  })
})
