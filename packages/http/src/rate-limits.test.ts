import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRateLimits, limits, type RateLimits } from './rate-limits.ts'

let away: Redis
let rateLimits: RateLimits

beforeAll(() => {
  // Nothing listens there: every process counts for itself.
  away = new Redis({
    host: '127.0.0.1',
    port: 1,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  })
  away.on('error', () => {})
  rateLimits = createRateLimits({ redis: away, factor: 1 })
})

afterAll(() => away.disconnect())

it('stays limited without Redis, more strictly, and says when to come back', async () => {
  const allowed = limits['sign-in'].requests / 2
  for (let i = 0; i < allowed; i += 1) {
    const headers = await rateLimits.count('sign-in', '192.0.2.1')
    expect(headers.ratelimit).toMatch(/^"sign-in";r=\d+;t=\d+$/)
  }
  await expect(rateLimits.count('sign-in', '192.0.2.1')).rejects.toMatchObject({
    code: 'RateLimited',
    extras: { headers: { 'retry-after': expect.stringMatching(/^\d+$/) } },
  })
  await expect(rateLimits.count('sign-in', '192.0.2.2')).resolves.toBeDefined()
})
