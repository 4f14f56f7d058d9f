import { randomUUID } from 'node:crypto'
import { createAuthenticator } from '@rollcall/access/authenticate'
import { createFindCaller } from '@rollcall/access/queries'
import { createHttpApp } from '@rollcall/http/app'
import { type Listener, listen } from '@rollcall/http/listen'
import { createRateLimits } from '@rollcall/http/rate-limits'
import { createRegistry } from '@rollcall/runtime/metrics'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTVerifyGetKey, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { log } from '../../test/log.ts'
import { migrations } from '../database/migrations.ts'
import type { NotificationsDatabase } from '../database/tables.ts'
import { queueRoutes } from './routes.ts'

const issuer = 'http://localhost:8080'
let database: TestDatabase<NotificationsDatabase>
let redis: Redis
let queue: Queue
let listener: Listener
let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey']
let keys: JWTVerifyGetKey
let url: string
let knowledgeAgeMs = 0

beforeAll(async () => {
  database = await createTestDatabase<NotificationsDatabase>({ name: 'notifications', migrations })
  redis = new Redis(inject('engines').redis, { maxRetriesPerRequest: null })
  queue = new Queue(`board-${randomUUID().slice(0, 8)}`, { connection: redis })
  await queue.add('send-mail', { deliveryId: randomUUID() })
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  const local = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }] })
  keys = (header, token) => local(header, token)
  const app = createHttpApp({
    routes: queueRoutes([queue]),
    authenticate: createAuthenticator({
      keys: (header, token) => keys(header, token),
      issuer,
      findCaller: createFindCaller(database.db as never),
    }),
    knowledgeAgeMs: () => knowledgeAgeMs,
    publicUrl: issuer,
    corsOrigins: [],
    trustedProxies: [],
    checkAnswers: true,
    rateLimits: createRateLimits({ redis, factor: 10 }),
    log,
    registry: createRegistry('test'),
  })
  listener = await listen(app, { port: 0, graceMs: 0 })
  url = `http://127.0.0.1:${listener.port}`
})
afterAll(async () => {
  await listener.drain()
  await queue.obliterate({ force: true })
  await queue.close()
  redis.disconnect()
  await database.drop()
})

interface Person {
  role?: 'authenticated' | 'admin'
  operator?: boolean
  locked?: boolean
  erased?: boolean
  sessionEnded?: boolean
}

async function cookieOf(person: Person, token: { typ?: string; audience?: string } = {}) {
  const { role = 'authenticated', operator = false, locked = false, erased = false, sessionEnded = false } = person
  const [id, sessionId] = [randomUUID(), randomUUID()]
  const known = { sequence: 2, nickname: 'a', role, professional: false, operator, locked, erased }
  await database.db
    .insertInto('known_users')
    .values({ id, ...known })
    .execute()
  const ended = { session_id: sessionId, expires_at: new Date(Date.now() + 3600_000) }
  if (sessionEnded) await database.db.insertInto('ended_sessions').values(ended).execute()
  const jwt = await new SignJWT({ sid: sessionId, role: 'admin', professional: false, operator: true, ver: 1 })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: token.typ ?? 'ops+jwt' })
    .setIssuer(issuer)
    .setAudience(token.audience ?? 'rollcall-ops')
    .setSubject(id)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)
  return `theme=dark; __Host-rollcall-ops=${jwt}`
}

const get = (path: string, cookie = '', init: RequestInit = {}) =>
  fetch(`${url}${path}`, { ...init, redirect: 'manual', headers: { cookie } })

it.each<[string, Person]>([
  ['an admin', { role: 'admin' }],
  ['an operator', { operator: true }],
])('shows the queues to %s', async (_, person) => {
  const cookie = await cookieOf(person)
  const page = await get('/ops/queues', cookie)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(await page.text()).toContain('Rollcall')
  const answer = await get('/ops/queues/api/queues', cookie)
  expect(await answer.json()).toMatchObject({
    queues: [{ name: queue.name, readOnlyMode: true, counts: { waiting: 1 } }],
  })
})

it.each<[string, () => Promise<string>]>([
  ['nobody', async () => ''],
  ['somebody with no such status, whatever the token says', () => cookieOf({})],
  ['an admin who is locked', () => cookieOf({ role: 'admin', locked: true })],
  ['an admin who has been erased', () => cookieOf({ operator: true, erased: true })],
  ['an admin whose session has ended', () => cookieOf({ role: 'admin', sessionEnded: true })],
  ['an access token', () => cookieOf({ role: 'admin' }, { typ: 'at+jwt' })],
  ['a token for another audience', () => cookieOf({ role: 'admin' }, { audience: 'rollcall' })],
  ['what is no token', async () => '__Host-rollcall-ops=x'],
])('sends %s to the sign-in', async (_, makeCookie) => {
  const answer = await get('/ops/queues/queue/mails?status=failed', await makeCookie())
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/ops/sign-in?next=%2Fops%2Fqueues%2Fqueue%2Fmails%3Fstatus%3Dfailed')
})

it('loads the scripts and styles that the page asks for', async () => {
  const cookie = await cookieOf({ role: 'admin' })
  const html = await (await get('/ops/queues', cookie)).text()
  const assets = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '')
  expect(assets.length).toBeGreaterThan(1)
  for (const asset of assets) {
    const { pathname } = new URL(asset, `${url}/ops/queues/`)
    expect((await get(pathname, cookie)).status).toBe(200)
  }
})

it('changes nothing, whoever asks', async () => {
  const cookie = await cookieOf({ role: 'admin' })
  const answer = await get(`/ops/queues/api/queues/${queue.name}/pause`, cookie, { method: 'PUT' })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(await queue.isPaused()).toBe(false)
})

it('says that it cannot check sessions while the keys are away', async () => {
  const cookie = await cookieOf({ role: 'admin' })
  const real = keys
  keys = () => Promise.reject(new TypeError('fetch failed'))
  const answer = await get('/ops/queues', cookie)
  keys = real
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).not.toBeNull()
})

it('shows nothing while what it knows of roles is stale', async () => {
  const cookie = await cookieOf({ role: 'admin' })
  knowledgeAgeMs = 61_000
  const answer = await get('/ops/queues', cookie)
  knowledgeAgeMs = 0
  expect(answer.status).toBe(503)
})

it('answers elsewhere with a problem', async () => {
  const answer = await get('/nothing-here')
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ error: 'NotFound' })
})
