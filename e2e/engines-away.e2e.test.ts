import { startService } from '@rollcall/test-stack/processes'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { startTcpProxy, type TcpProxy } from '@rollcall/testing/tcp-proxy'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { anEvent, join, PASSWORD, type Person } from './person.ts'
import { type System, startSystem } from './system.ts'

let system: System
let admin: Person
let eventId: string

beforeAll(async () => {
  system = await startSystem()
  admin = await join(system)
  eventId = (await system.api.post('/events', { token: admin.token, body: anEvent() })).body.id
})

afterAll(() => system?.stop())

/** A TCP proxy in front of the engine that a URL leads to, and the URL that leads through it. */
async function proxied(url: string): Promise<{ proxy: TcpProxy; url: string }> {
  const { hostname, port } = new URL(url)
  const proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } })
  return { proxy, url: url.replace(`:${port}`, `:${proxy.port}`) }
}

async function readiness(innerUrl: string) {
  const answer = await fetch(`${innerUrl}/readyz`)
  return { status: answer.status, body: (await answer.json()) as { failing?: Record<string, string> } }
}

describe('a database that goes away', () => {
  it('is answered with 503 and Retry-After, and comes back without a restart', async () => {
    const { proxy, url } = await proxied(system.databases.events.url)
    const events = await system.startAnother('events', { DATABASE_URL: url })
    const api = createApiClient(events.baseUrl)
    expect((await api.get(`/events/${eventId}`)).status).toBe(200)
    proxy.cut()
    const answer = await api.get(`/events/${eventId}`)
    expect(answer).toMatchObject({ status: 503, body: { error: 'Unavailable' } })
    expect(answer.headers.get('retry-after')).toBe('2')
    expect((await readiness(events.innerUrl)).status).toBe(503)
    proxy.restore()
    await expect.poll(async () => (await api.get(`/events/${eventId}`)).status, { timeout: 15_000 }).toBe(200)
    await expect.poll(async () => (await readiness(events.innerUrl)).status, { timeout: 15_000 }).toBe(200)
    await events.kill('SIGTERM')
    await proxy.stop()
  })
})

describe('an engine that is away at start', () => {
  it.each([
    ['PostgreSQL', 'DATABASE_URL', () => system.databases.users.url],
    ['Kafka', 'KAFKA_BROKERS', () => `kafka://${inject('engines').kafka}`],
  ])('%s is waited for, with one line and not ready', async (engine, variable, urlOf) => {
    const { proxy, url } = await proxied(urlOf())
    proxy.cut()
    const environment = { ...system.environments.users, [variable]: url.replace('kafka://', '') }
    const users = await startService({
      name: 'users',
      environment: { ...environment, PORT: '0' },
      waitUntilReady: false,
    })
    try {
      await expect.poll(() => users.logs(), { timeout: 15_000 }).toContain(`waiting for ${engine}`)
      expect((await readiness(users.innerUrl)).body.failing).toHaveProperty('start')
      expect(users.logs().match(/waiting for/g)).toHaveLength(1)
      proxy.restore()
      await expect.poll(async () => (await readiness(users.innerUrl)).status, { timeout: 20_000 }).toBe(200)
    } finally {
      await users.kill('SIGTERM')
      await proxy.stop()
    }
  })
})

describe('Redis that is away', () => {
  it('S21: leaves signed-in work and a limited sign-in possible', async () => {
    const { proxy, url } = await proxied(String(system.environments.users['REDIS_URL']))
    const users = await system.startAnother('users', { REDIS_URL: url, RATE_LIMIT_FACTOR: '1' })
    const api: ApiClient = createApiClient(users.baseUrl)
    proxy.cut()
    expect((await api.get('/auth/me', { token: admin.token })).status).toBe(200)
    const body = { email: 'nobody@example.org', password: 'wrong' }
    const statuses: number[] = []
    for (let i = 0; i < 40; i += 1) statuses.push((await api.post('/auth/login', { body })).status)
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
    await users.kill('SIGTERM')
    await proxy.stop()
  })
})

describe('a service that cannot start', () => {
  it('names every wrong setting in one message and ends with 1', async () => {
    const environment = { DATABASE_URL: 'nonsense', PUBLIC_URL: 'ftp://x', BCRYPT_COST: '99' }
    const users = await startService({ name: 'users', environment, waitUntilReady: false })
    expect(await users.ended()).toBe(1)
    for (const name of ['DATABASE_URL', 'PUBLIC_URL', 'BCRYPT_COST', 'KAFKA_BROKERS', 'PASSWORD_PEPPER']) {
      expect(users.logs()).toContain(`${name}:`)
    }
    expect(users.logs()).not.toContain('    at ')
  })

  it('S49, R28: refuses defaults that everybody knows in production', async () => {
    const environment = {
      ...system.environments.users,
      NODE_ENV: 'production',
      PASSWORD_PEPPER: `local-only-${'x'.repeat(40)}`,
    }
    const users = await startService({
      name: 'users',
      environment: { ...environment, PORT: '0' },
      waitUntilReady: false,
    })
    expect(await users.ended()).toBe(1)
    expect(users.logs()).toContain('PASSWORD_PEPPER: is a default that everybody knows')
  })
})

describe('a gateway whose service is gone', () => {
  it('answers a problem of its own and asks to come back', async () => {
    await system.processes.users.kill('SIGTERM')
    const answer = await system.api.post('/auth/login', { body: { email: 'a@example.org', password: PASSWORD } })
    expect(answer).toMatchObject({ status: 503, body: { error: 'Unavailable' } })
    expect(answer.headers.get('retry-after')).toBe('2')
    expect((await system.api.get(`/events/${eventId}`)).status).toBe(200)
  })
})
