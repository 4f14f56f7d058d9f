import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import { migrations } from '../../services/events/src/database/migrations.ts'
import type { EventsDatabase } from '../../services/events/src/database/tables.ts'
import { newEvent } from '../../services/events/src/events/new-event.ts'
import { takeSeat } from '../../services/events/src/registrations/take-seat.ts'
import { expectAll, sendAll } from '../load/http-load.ts'
import { type Crowd, openCrowd } from '../load/people.ts'
import { aSeat, seatErrors, untilTicketsAreIssued } from '../load/seats.ts'
import type { OpenBench, Window } from '../measuring/bench.ts'
import { createBenchDatabase } from '../stage/database.ts'

const PEOPLE = 2000
const CONNECTIONS = 32
/** As many connections to the database as the service has, and a database of the bench. */
const POOL = 10

/** Everybody wants the same event. */
export const openRegistrations = () => open(1)

/** Everybody wants one of ten. */
export const openRegistrationsOfTen = () => open(10)

/** Registrations over HTTP, beside their bare statement by a pool of the same size. */
async function open(eventCount: number): Promise<OpenBench> {
  const crowd = await openCrowd(PEOPLE)
  const { events, publish } = crowd
  // Of its own: nobody makes tickets for these seats.
  const bare = await createBenchDatabase<EventsDatabase>('bare', migrations)
  const ofEach = (make: () => Promise<string>) => Promise.all(Array.from({ length: eventCount }, make))
  return {
    unit: 'registration',
    subject: {
      what: 'over HTTP',
      run: async () => registerAll(crowd, await ofEach(publish)),
      settle: () => untilTicketsAreIssued(events.database.db),
    },
    baseline: {
      what: `bare statement, ${POOL} connections`,
      run: async () => registerBare(bare.db, await ofEach(() => aBareEvent(bare.db))),
    },
    aims: [
      { figure: 'rate', atLeast: 1000 },
      { figure: 'p99', atMost: 60 },
      { figure: 'oversold', atMost: 0 },
    ],
    services: { events: events.process },
    async close() {
      await bare.close()
      await crowd.close()
    },
  }
}

async function registerAll({ events, tokens }: Crowd, eventIds: string[]): Promise<Window> {
  const requests = tokens.map((token, index) => ({
    path: `/events/${eventIds[index % eventIds.length]}/registrations`,
    method: 'POST' as const,
    token,
    body: { waitlist: false },
  }))
  const result = await sendAll(events.process.baseUrl, requests, CONNECTIONS)
  expectAll(result, 201)
  const oversold = await seatErrors(events.database.db)
  return { units: PEOPLE, seconds: PEOPLE / result.rate, times: result.times, figures: { oversold } }
}

async function aBareEvent(db: Kysely<EventsDatabase>): Promise<string> {
  const now = new Date()
  const [start_at, end_at] = [new Date(now.getTime() + 24 * 3600_000), new Date(now.getTime() + 25 * 3600_000)]
  const row = {
    ...{ title: 'Sought after', description: '', start_at, end_at, time_zone: 'UTC', location: 'Main hall' },
    ...{ online_url: null, capacity: 100_000, category: 'other', tags: [], visibility: 'public' as const },
    ...{ organizer_id: newId(), check_in_opens_minutes: 180 },
  }
  return (await db.transaction().execute((tx) => newEvent(tx, { row, scope: 'all', now }))).id
}

async function registerBare(db: Kysely<EventsDatabase>, eventIds: string[]): Promise<Window> {
  const began = performance.now()
  const each = Array.from({ length: POOL }, async (_, first) => {
    for (let index = first; index < PEOPLE; index += POOL) {
      const taken = await takeSeat(db, aSeat(eventIds[index % eventIds.length] as string))
      if (!taken) throw new Error('no seat was taken')
    }
  })
  await Promise.all(each)
  return { units: PEOPLE, seconds: (performance.now() - began) / 1000 }
}
