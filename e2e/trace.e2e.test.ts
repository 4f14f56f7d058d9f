import { randomBytes } from 'node:crypto'
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@rollcall/testing/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { anEvent, join, PASSWORD, type Person } from './person.ts'
import { type System, startSystem } from './system.ts'

let receiver: OtlpReceiver
let system: System
let admin: Person

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  system = await startSystem({ all: receiver.environment })
  admin = await join(system)
})

afterAll(async () => {
  await system?.stop()
  await receiver?.stop()
})

/** A trace that a client has begun. */
function aTrace() {
  const traceId = randomBytes(16).toString('hex')
  return { traceId, headers: { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` } }
}

const SENT = /smtp/i

const servicesOf = (spans: { service: string }[]) => [...new Set(spans.map(({ service }) => service))].sort()

it('follows a sign-up from the request to the SMTP reply', async () => {
  const { traceId, headers } = aTrace()
  const body = { email: 'traced@example.org', password: PASSWORD }
  expect((await system.api.post('/auth/register', { body, headers })).status).toBe(201)
  const isWhole = (found: ReceivedSpan[]) =>
    found.some(({ name }) => SENT.test(name)) && found.some(({ name }) => name === 'POST /auth/register')
  const spans = await receiver.waitForTrace(traceId, isWhole, 20_000)
  expect(servicesOf(spans)).toEqual(expect.arrayContaining(['notifications', 'users']))
})

it('follows a seat through three processes to the mailed ticket', async () => {
  const event = await system.api.post('/events', { token: admin.token, body: anEvent() })
  const { traceId, headers } = aTrace()
  const options = { token: admin.token, body: { waitlist: false }, headers }
  expect((await system.api.post(`/events/${event.body.id}/registrations`, options)).status).toBe(201)
  // Each process tells of its spans in its own time, also behind what came of them.
  const steps = [/^POST \/events\/\{eventId\}\/registrations$/, /^job issue-ticket$/, SENT]
  const isWhole = (found: ReceivedSpan[]) => steps.every((step) => found.some(({ name }) => step.test(name)))
  const spans = await receiver.waitForTrace(traceId, isWhole, 20_000)
  expect(servicesOf(spans)).toEqual(['events', 'notifications'])
})

it('names the trace in a problem answer, and no mailed token in any span', async () => {
  const { traceId, headers } = aTrace()
  const token = 'canary'.repeat(6)
  const path = `/auth/verify-email/01890000-0000-7000-8000-000000000000/${token}`
  const answer = await system.api.get(path, { headers })
  expect(answer).toMatchObject({ status: 400, body: { error: 'InvalidToken', traceId } })
  await receiver.waitForTrace(traceId, (found) => found.length > 0, 20_000)
  expect(JSON.stringify(receiver.spans)).not.toContain(token)
})
