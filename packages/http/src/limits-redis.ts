import type { Logger } from '@rollcall/runtime/logger'
import { Redis } from 'ioredis'

/** Milliseconds that a request waits for its limits before it counts them in this process alone. */
const COMMAND_LIMIT_MS = 500

/** A connection that fails fast: a request waits for no cache. */
export function connectLimitsRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    // What requests ask for in one turn of the event loop goes in one write.
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_LIMIT_MS,
    connectTimeout: 2000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  })
  let away = false
  redis.on('error', (error: Error) => {
    if (!away) log.warn({ err: error }, 'Redis is away; each process limits requests by itself')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
  return redis
}
