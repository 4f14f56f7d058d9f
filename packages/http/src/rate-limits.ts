import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import { DomainError } from './errors.ts'

interface Limit {
  requests: number
  windowSeconds: number
}

/** Requests per caller; shared by all instances of a service. */
export const limits = {
  anonymous: { requests: 300, windowSeconds: 60 },
  user: { requests: 600, windowSeconds: 60 },
  'sign-up': { requests: 200, windowSeconds: 3600 },
  'sign-in': { requests: 30, windowSeconds: 60 },
  'event-creation': { requests: 30, windowSeconds: 3600 },
  decision: { requests: 60, windowSeconds: 60 },
  scan: { requests: 600, windowSeconds: 60 },
  export: { requests: 10, windowSeconds: 60 },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof limits

export interface RateLimits {
  /**
   * Counts a request.
   *
   * @returns the headers that tell the caller where they stand.
   * @throws {DomainError} `RateLimited` with `Retry-After` beyond the limit.
   */
  count(name: LimitName, who: string): Promise<Record<string, string>>
}

interface RateLimitOptions {
  redis: Redis
  /** Multiplies every limit. */
  factor: number
}

/** While Redis is away each process allows this share alone: stricter, as it cannot see the others. */
const SHARE_WITHOUT_REDIS = 0.5

export function createRateLimits({ redis, factor }: RateLimitOptions): RateLimits {
  const limiters = new Map(
    Object.entries(limits).map(([name, { requests, windowSeconds }]) => {
      const points = Math.ceil(requests * factor)
      const alone = new RateLimiterMemory({ points: Math.ceil(points * SHARE_WITHOUT_REDIS), duration: windowSeconds })
      const options = { storeClient: redis, keyPrefix: `limit:${name}`, points, duration: windowSeconds }
      return [name, new RateLimiterRedis({ ...options, insuranceLimiter: alone, rejectIfRedisNotReady: true })]
    }),
  )
  return {
    async count(name, who) {
      const limiter = limiters.get(name)
      if (!limiter) throw new TypeError(`no limit named ${name}`)
      const { windowSeconds } = limits[name]
      const describe = (state: RateLimiterRes) => limitHeaders(name, limiter.points, windowSeconds, state)
      try {
        return describe(await limiter.consume(who))
      } catch (refusal) {
        if (refusal instanceof Error) throw refusal
        const state = refusal as RateLimiterRes
        const retryAfter = String(Math.max(1, Math.ceil(state.msBeforeNext / 1000)))
        throw new DomainError('RateLimited', `too many requests; try again in ${retryAfter} s`, {
          headers: { ...describe(state), 'retry-after': retryAfter },
        })
      }
    },
  }
}

/** draft-ietf-httpapi-ratelimit-headers: remaining requests and seconds to the window's end. */
function limitHeaders(name: string, points: number, windowSeconds: number, state: RateLimiterRes) {
  return {
    ratelimit: `"${name}";r=${Math.max(0, state.remainingPoints)};t=${Math.ceil(state.msBeforeNext / 1000)}`,
    'ratelimit-policy': `"${name}";q=${points};w=${windowSeconds}`,
  }
}
