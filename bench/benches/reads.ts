import { createDatabase } from '@rollcall/database/connect'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../../services/events/src/database/tables.ts'
import { listEvents } from '../../services/events/src/events/list-events.ts'
import { findEvent } from '../../services/events/src/events/queries.ts'
import { expectAll, sendAll } from '../load/http-load.ts'
import { openCrowd } from '../load/people.ts'
import type { OpenBench, Window } from '../measuring/bench.ts'

const EVENTS = 1000
const READS = 3000
const CONNECTIONS = 32
/** As many connections to the database as the service has. */
const POOL = 10
const PAGE = 20

interface Read {
  path(eventId: string): string
  /** The service's own select. */
  select(db: Kysely<EventsDatabase>, eventId: string): Promise<unknown>
}

/** The first page of the events, by somebody who is not signed in. */
export const openList = () =>
  open({
    path: () => `/events?limit=${PAGE}`,
    select: (db) => listEvents(db, { listed: { kind: 'public' }, sort: 'startAt' }, { limit: PAGE }).found,
  })

export const openOne = () => open({ path: (id) => `/events/${id}`, select: findEvent })

/** Reads over HTTP beside the same select, and its JSON, by a pool of the same size. */
async function open({ path, select }: Read): Promise<OpenBench> {
  const crowd = await openCrowd(0)
  const { url } = crowd.events.database
  const db = createDatabase<EventsDatabase>({ url, maxConnections: POOL, applicationName: 'bench' })
  const ids: string[] = []
  for (let count = 0; count < EVENTS; count += 1) ids.push(await crowd.publish())
  const idAt = (index: number) => ids[index % EVENTS] as string

  async function overHttp(): Promise<Window> {
    const requests = Array.from({ length: READS }, (_, index) => ({ path: path(idAt(index)) }))
    const result = await sendAll(crowd.events.process.baseUrl, requests, CONNECTIONS)
    expectAll(result, 200)
    return { units: READS, seconds: READS / result.rate, times: result.times }
  }
  async function bare(): Promise<Window> {
    const times: number[] = []
    const began = performance.now()
    const each = Array.from({ length: CONNECTIONS }, async (_, first) => {
      for (let index = first; index < READS; index += CONNECTIONS) {
        const startedAt = performance.now()
        JSON.stringify(await select(db, idAt(index)))
        times.push(performance.now() - startedAt)
      }
    })
    await Promise.all(each)
    return { units: READS, seconds: (performance.now() - began) / 1000, times }
  }
  return {
    unit: 'read',
    subject: { what: 'over HTTP', run: overHttp },
    baseline: { what: 'the same select and JSON', run: bare },
    aims: [],
    services: { events: crowd.events.process },
    async close() {
      await db.destroy()
      await crowd.close()
    },
  }
}
