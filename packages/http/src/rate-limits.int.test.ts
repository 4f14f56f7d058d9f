import { createLogger } from '@rollcall/runtime/logger'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { connectLimitsRedis } from './limits-redis.ts'
import { createRateLimits, limits, type RateLimits } from './rate-limits.ts'

const FACTOR = 0.1
const allowed = Math.ceil(limits['sign-in'].requests * FACTOR)
const log = createLogger({ service: 'test', level: 'silent' })

let connections: Redis[]
/** Two processes of a service, as far as Redis can tell. */
let processes: [RateLimits, RateLimits]
let who: string

beforeEach(async () => {
  who = crypto.randomUUID()
  connections = [connect(), connect()]
  await Promise.all(connections.map((redis) => new Promise((resolve) => redis.once('ready', resolve))))
  const [one, other] = connections.map((redis) => createRateLimits({ redis, factor: FACTOR }))
  processes = [one as RateLimits, other as RateLimits]
})

afterEach(() => {
  for (const redis of connections) redis.disconnect()
})

const connect = () => connectLimitsRedis(inject('engines').redis, log)

/** How many of these were let through, asked of both processes in turn. */
async function ask(times: number, name: 'sign-in' | 'scan' = 'sign-in'): Promise<number> {
  const asked = Array.from({ length: times }, (_, index) => processes[index % 2 === 0 ? 0 : 1].count(name, who))
  return (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled').length
}

it('R56: counts what reaches one process against what reaches another, also at once', async () => {
  expect(await ask(allowed * 4)).toBe(allowed)
})

it('tells the second process what the first has left', async () => {
  await processes[0].count('sign-in', who)
  const { ratelimit, 'ratelimit-policy': policy } = await processes[1].count('sign-in', who)
  expect(ratelimit).toMatch(new RegExp(`^"sign-in";r=${allowed - 2};t=([1-9]|[1-5]\\d|60)$`))
  expect(policy).toBe(`"sign-in";q=${allowed};w=${limits['sign-in'].windowSeconds}`)
})

it('S20: refuses beyond the limit with the seconds to its end', async () => {
  await ask(allowed)
  const refusal = await processes[1].count('sign-in', who).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'RateLimited', status: 429 })
  const { headers } = (refusal as { extras: { headers: Record<string, string> } }).extras
  expect(headers['ratelimit']).toMatch(/^"sign-in";r=0;/)
  const seconds = Number(headers['retry-after'])
  expect(seconds).toBeGreaterThanOrEqual(1)
  expect(seconds).toBeLessThanOrEqual(limits['sign-in'].windowSeconds)
})

it('keeps limits of other names and other callers apart', async () => {
  await ask(allowed)
  expect(await ask(2, 'scan')).toBe(2)
  who = crypto.randomUUID()
  expect(await ask(1)).toBe(1)
})

it('S21: goes on by itself, more strictly, when a process loses Redis', async () => {
  connections[0]?.disconnect()
  const alone = Array.from({ length: allowed }, () => processes[0].count('sign-in', who))
  const passed = (await Promise.allSettled(alone)).filter(({ status }) => status === 'fulfilled')
  expect(passed).toHaveLength(Math.ceil(allowed / 2))
})
