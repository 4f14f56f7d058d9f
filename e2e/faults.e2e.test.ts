import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { kafka } from '@rollcall/engines/kafka'
import { freePort } from '@rollcall/engines/ports'
import { startEngine } from '@rollcall/engines/start-engine'
import { afterEach, describe, expect, it } from 'vitest'
import { checkInvariants, type Promised } from './invariants.ts'
import { anEvent, join, PASSWORD, type Person } from './person.ts'
import { type System, startSystem } from './system.ts'

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A system, its admin, and an event with room for everybody. */
async function prepare(overrides: Parameters<typeof startSystem>[0] = {}) {
  const system = await startSystem(overrides)
  closers.push(() => system.stop())
  const admin = await join(system)
  const event = await system.api.post('/events', { token: admin.token, body: anEvent({ capacity: 1000 }) })
  return { system, admin, eventId: event.body.id as string }
}

/** Asks with one key until there is an answer, as a client that trusts its retries does. */
async function insist(call: () => Promise<{ status: number; body: { id: string } }>) {
  for (;;) {
    const answer = await call().catch(() => undefined)
    if (answer && answer.status < 500) return answer
    await sleep(50)
  }
}

function register(system: System, { eventId, person }: { eventId: string; person: Person }) {
  const headers = { 'idempotency-key': randomUUID() }
  const options = { token: person.token, body: { waitlist: false }, headers }
  return insist(() => system.api.post(`/events/${eventId}/registrations`, options))
}

describe('SIGKILL of the events service again and again under load', () => {
  it('loses no seat and no mail, and doubles none', { timeout: 240_000 }, async () => {
    const { system, admin, eventId } = await prepare()
    const people = [admin, ...(await Promise.all(Array.from({ length: 11 }, () => join(system))))]
    const promised: Promised = { signUps: people.map(({ email }) => email), registrations: [] }
    let loaded = true
    const killing = (async () => {
      while (loaded) {
        // Long enough for a request after a cold start, also where the machine is slow.
        await sleep(800)
        await system.processes.events.kill('SIGKILL')
        await system.revive('events')
      }
    })()
    for (const person of people) {
      const answer = await register(system, { eventId, person })
      expect(answer.status).toBe(201)
      promised.registrations.push(answer.body.id)
      await sleep(200)
    }
    loaded = false
    await killing
    await checkInvariants(system, promised)
  })
})

describe('Kafka down for 15 s under load', () => {
  it('is noticed by nobody who calls, and everything is told afterwards', { timeout: 240_000 }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-broker-'))
    await chmod(folder, 0o755)
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const place = { port: await freePort(), folder, durable: false, credentials: { user: '', password: '' } }
    let broker = await startEngine(kafka, place)
    closers.push(() => broker.stop())
    const { system, admin, eventId } = await prepare({ all: { KAFKA_BROKERS: `127.0.0.1:${place.port}` } })
    const people = [admin, ...(await Promise.all(Array.from({ length: 5 }, () => join(system))))]
    const promised: Promised = { signUps: people.map(({ email }) => email), registrations: [] }

    await broker.stop()
    const downUntil = Date.now() + 15_000
    for (let turn = 0; Date.now() < downUntil; turn += 1) {
      const email = `during-outage-${turn}@example.org`
      expect((await system.api.post('/auth/register', { body: { email, password: PASSWORD } })).status).toBe(201)
      promised.signUps.push(email)
      expect((await system.api.get('/events')).status).toBe(200)
      const person = people[turn]
      if (person) {
        const options = { token: person.token, body: { waitlist: false } }
        const answer = await system.api.post(`/events/${eventId}/registrations`, options)
        expect(answer.status).toBe(201)
        promised.registrations.push(answer.body.id)
      }
      await sleep(250)
    }
    broker = await startEngine(kafka, place)
    await checkInvariants(system, promised)
  })
})
