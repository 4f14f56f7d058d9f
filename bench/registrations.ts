import { createDatabase } from '@rollcall/database/connect'
import { newId } from '@rollcall/runtime/ids'
import { startTokenIssuer } from '@rollcall/testing/access-tokens'
import { createApiClient } from '@rollcall/testing/api-client'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../services/events/src/database/tables.ts'
import { takeSeat } from '../services/events/src/registrations/take-seat.ts'
import { expectAll, sendAll } from './http-load.ts'
import { percentile } from './open-loop.ts'
import { type BenchRow, row } from './row.ts'
import { PUBLIC_URL, startEvents } from './service.ts'

const PEOPLE = 6000
const CONNECTIONS = 32
/** As many connections to the database as the service has. */
const POOL = 10

/** Registrations per second for one sought-after event over HTTP, beside its bare statement by a pool of the same size. */
export async function run(): Promise<BenchRow[]> {
  const tokens = await startTokenIssuer(PUBLIC_URL)
  const events = await startEvents(tokens.jwksUrl)
  try {
    const api = createApiClient(events.process.baseUrl)
    const manager = await tokens.sign({ userId: newId(), role: 'manager' })
    const people = await Promise.all(
      Array.from({ length: PEOPLE }, () => tokens.sign({ userId: newId(), role: 'authenticated' })),
    )
    const publish = async () => (await api.post('/events', { token: manager, body: anEvent() })).body.id as string
    const load = async (eventId: string, who: string[]) => {
      const path = `/events/${eventId}/registrations`
      const requests = who.map((token) => ({ path, method: 'POST' as const, token, body: { waitlist: false } }))
      const result = await sendAll(events.process.baseUrl, requests, CONNECTIONS)
      expectAll(result, 201)
      return result
    }
    await load(await publish(), people.slice(0, 1000))
    const measured = await load(await publish(), people)
    const bare = await registerBare(events.database.url, await publish())
    const name = `registrations on one event, p99 ${percentile(measured.times, 0.99).toFixed(0)} ms (bare SQL)`
    return [row({ name, unit: '1/s', value: measured.rate, baseline: bare })]
  } finally {
    await events.stop()
    tokens.stop()
  }
}

function anEvent() {
  const startAt = Date.now() + 3600_000
  return {
    title: 'Sought after',
    startAt: new Date(startAt).toISOString(),
    endAt: new Date(startAt + 3600_000).toISOString(),
    timeZone: 'UTC',
    location: 'Main hall',
    capacity: 100_000,
  }
}

async function registerBare(url: string, eventId: string): Promise<number> {
  const db = createDatabase<EventsDatabase>({ url, maxConnections: POOL, applicationName: 'bench' })
  const began = performance.now()
  const each = Array.from({ length: POOL }, async () => {
    for (let i = 0; i < PEOPLE / POOL; i += 1) await takeOne(db, eventId)
  })
  await Promise.all(each)
  const rate = PEOPLE / ((performance.now() - began) / 1000)
  await db.destroy()
  return rate
}

async function takeOne(db: Kysely<EventsDatabase>, eventId: string): Promise<void> {
  const now = new Date()
  const [id, attendeeId] = [newId(), newId()]
  const registration = {
    id,
    version: 1,
    event_id: eventId,
    attendee_id: attendeeId,
    status: 'CONFIRMED' as const,
    source: 'online' as const,
    event_title: 'Sought after',
    event_start_at: now,
    ticket_issued_at: null,
    checked_in_at: null,
    created_at: now,
  }
  if (!(await takeSeat(db, { registration, eventVersion: 1 }))) throw new Error('no seat was taken')
}
