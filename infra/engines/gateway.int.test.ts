import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Started } from './engine.ts'
import { gateway } from './gateway.ts'
import { freePort } from './ports.ts'
import { silent } from './progress.ts'
import { ensureEngines, startEngine } from './start-engine.ts'

let folder: string
let nginx: Started
let base: string
let users: Server
let seen: { url: string | undefined; headers: IncomingHttpHeaders }[]

beforeAll(async () => {
  seen = []
  users = createServer(({ url, headers }, response) => {
    seen.push({ url, headers })
    response.setHeader('content-type', 'text/plain').end('users')
  })
  await new Promise<void>((resolve) => users.listen(0, '127.0.0.1', resolve))
  folder = await mkdtemp(join(tmpdir(), 'rollcall-gateway-'))
  await chmod(folder, 0o755)
  const engine = gateway({
    services: {
      users: `127.0.0.1:${(users.address() as AddressInfo).port}`,
      events: `127.0.0.1:${await freePort()}`,
    },
    mailboxUrl: 'http://localhost:1',
    corsOrigins: ['http://rollcall.test'],
  })
  await ensureEngines([engine], silent)
  const place = { port: await freePort(), folder, durable: false, credentials: { user: '', password: '' } }
  base = `http://127.0.0.1:${place.port}`
  nginx = await startEngine(engine, place)
})

afterAll(async () => {
  await nginx?.stop()
  users?.close()
  await rm(folder, { recursive: true, force: true })
})

const log = () => readFile(join(folder, 'gateway.log'), 'utf8')

it('starts without any service, and says in problem+json that one is away', async () => {
  const answer = await fetch(`${base}/events`)
  expect(answer.status).toBe(503)
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(answer.headers.get('retry-after')).toBe('2')
  expect(await answer.json()).toMatchObject({ status: 503, error: 'Unavailable', instance: '/events' })
})

it('answers a path that nobody has, in the language of the caller', async () => {
  const answer = await fetch(`${base}/nothing-here`, { headers: { 'accept-language': 'de-AT,de;q=0.9' } })
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ error: 'NotFound', title: 'Nicht gefunden', instance: '/nothing-here' })
})

it.each([
  ['TRACE', '/auth/me', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
  ['POST', '/page.css', 'GET, HEAD'],
])('refuses %s %s, and says what is allowed', async (method, path, allowed) => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    // By hand, as `fetch` does not send TRACE.
    const call = request(`${base}${path}`, { method }, (it) => resolve(it.resume()))
    call.once('error', reject).end()
  })
  expect(answer.statusCode).toBe(405)
  expect(answer.headers).toMatchObject({ allow: allowed, 'content-type': 'application/problem+json; charset=utf-8' })
})

it('refuses a body above 25 MB', async () => {
  const answer = await fetch(`${base}/auth/register`, { method: 'POST', body: Buffer.alloc(26 * 1024 * 1024) })
  expect(answer.status).toBe(413)
  expect(await answer.json()).toMatchObject({ error: 'PayloadTooLarge' })
})

it.each([
  '/auth/verify-email/0190-id/canary-token',
  '/auth/unlock/canary-token',
  '/auth/confirm-email/canary-token',
  '/invitations/accept/canary-token',
  '/invitations/accept?token=canary-token',
])('passes the token of %s on and keeps it out of its log', async (path) => {
  const answer = await fetch(`${base}${path}`)
  expect(await answer.text()).toBe('users')
  expect(seen.at(-1)?.url).toBe(path)
  await expect.poll(log).toContain(path.split(/\?|canary/)[0] as string)
  expect(await log()).not.toContain('canary')
})

it('tells a service who really calls, whatever the caller claims', async () => {
  await fetch(`${base}/auth/me`, { headers: { 'x-forwarded-for': '1.2.3.4', 'x-real-ip': '1.2.3.4' } })
  expect(seen.at(-1)?.headers['x-forwarded-for']).toBe('127.0.0.1')
  expect(seen.at(-1)?.headers['x-real-ip']).toBeUndefined()
})

it('keeps a sound request id and replaces another', async () => {
  const kept = await fetch(`${base}/auth/me`, { headers: { 'x-request-id': 'request-0042' } })
  expect(kept.headers.get('x-request-id')).toBe('request-0042')
  expect(seen.at(-1)?.headers['x-request-id']).toBe('request-0042')
  const replaced = await fetch(`${base}/auth/me`, { headers: { 'x-request-id': 'a b"c' } })
  expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
})

it('passes the trace of the caller on', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await fetch(`${base}/auth/me`, { headers: { traceparent } })
  expect(seen.at(-1)?.headers['traceparent']).toBe(traceparent)
})

it.each(['/', '/docs/', '/docs/swagger-ui.css', '/asyncapi.json', '/healthz'])('serves %s itself', async (path) => {
  expect((await fetch(`${base}${path}`)).status).toBe(200)
})
