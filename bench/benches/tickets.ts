import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { TICKETS_BUCKET } from '@rollcall/storage/buckets'
import { createObjectStorage } from '@rollcall/storage/objects'
import { createJointSeats } from '../../services/events/src/registrations/joint-seats.ts'
import { expectAll, sendAll } from '../load/http-load.ts'
import { openCrowd } from '../load/people.ts'
import { aSeat, untilTicketsAreIssued, waitingTickets } from '../load/seats.ts'
import type { OpenBench, Window } from '../measuring/bench.ts'
import { benchEngines } from '../stage/engines.ts'

const BACKLOG = 1500
/** As many at once as the service makes tickets. */
const AT_ONCE = 4
/** Bytes of a ticket's image. */
const IMAGE_BYTES = 660

/** Tickets of a backlog: from the seats, all taken at once, to the last ticket; beside storing as many images. */
export async function openTickets(): Promise<OpenBench> {
  const crowd = await openCrowd(0)
  const { db } = crowd.events.database
  const take = createJointSeats(db)
  const storage = createObjectStorage((await benchEngines()).minio)
  async function issueAll(): Promise<Window> {
    const eventId = await crowd.publish()
    const began = performance.now()
    await Promise.all(Array.from({ length: BACKLOG }, () => take(aSeat(eventId))))
    await untilTicketsAreIssued(db)
    return { units: BACKLOG, seconds: (performance.now() - began) / 1000 }
  }
  async function storeAll(): Promise<Window> {
    const image = randomBytes(IMAGE_BYTES)
    const began = performance.now()
    const each = Array.from({ length: AT_ONCE }, async () => {
      for (let index = 0; index < BACKLOG / AT_ONCE; index += 1)
        await storage.put({ bucket: TICKETS_BUCKET, key: `${randomUUID()}.png` }, image, 'image/png')
    })
    await Promise.all(each)
    return { units: BACKLOG, seconds: (performance.now() - began) / 1000 }
  }
  return {
    unit: 'ticket',
    subject: { what: 'seat to ticket', run: issueAll },
    baseline: { what: `storing images, ${AT_ONCE} at once`, run: storeAll },
    aims: [{ figure: 'rate', atLeast: 290 }],
    services: { events: crowd.events.process },
    close: crowd.close,
  }
}

const RUSH_SECONDS = 60
const CONNECTIONS = 32
const PEOPLE = 60_000

/** A minute in which everybody asks for a seat as fast as they are answered: how long the oldest ticket waits. */
export async function openRush(): Promise<OpenBench> {
  const crowd = await openCrowd(PEOPLE)
  const { process, database } = crowd.events
  async function rush(): Promise<Window> {
    const eventId = await crowd.publish()
    const ends = performance.now() + 1000 * RUSH_SECONDS
    let oldest = 0
    let over = false
    const watching = (async () => {
      while (!over) {
        oldest = Math.max(oldest, (await waitingTickets(database.db)).oldestSeconds)
        await sleep(500)
      }
    })()
    const path = `/events/${eventId}/registrations`
    const wanted = function* () {
      for (const token of crowd.tokens) {
        if (performance.now() > ends) return
        yield { path, method: 'POST' as const, token, body: { waitlist: false } }
      }
    }
    const result = await sendAll(process.baseUrl, wanted(), CONNECTIONS)
    expectAll(result, 201)
    await untilTicketsAreIssued(database.db)
    over = true
    await watching
    const units = result.times.length
    return { units, seconds: units / result.rate, times: result.times, figures: { 'oldest ticket, s': oldest } }
  }
  return {
    unit: 'registration',
    subject: { what: `${RUSH_SECONDS} s of rush`, run: rush },
    aims: [{ figure: 'oldest ticket, s', atMost: 30 }],
    services: { events: process },
    rounds: 1,
    close: crowd.close,
  }
}
