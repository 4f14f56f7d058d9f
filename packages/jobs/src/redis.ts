import { once } from 'node:events'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { Redis } from 'ioredis'

export interface RedisSettings {
  url: string
  /**
   * `producer`: a command fails within two seconds when Redis is away, for callers that answer a person.
   * `worker`: commands wait for Redis as long as it takes, as BullMQ's workers must.
   */
  role: 'producer' | 'worker'
}

const COMMAND_TIMEOUT_MS = 2000

/** A connection that is made again whenever it is lost. */
export function createRedis({ url, role }: RedisSettings): Redis {
  const retryStrategy = (times: number) => Math.min(times * 100, 2000)
  const options =
    role === 'worker'
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: COMMAND_TIMEOUT_MS }
  const redis = new Redis(url, { retryStrategy, connectTimeout: 3000, ...options })
  // Without a listener a lost connection would end the process; callers hear of it by their commands.
  redis.on('error', () => {})
  return redis
}

/**
 * Resolves at once when connected. BullMQ itself waits for the first connection as long as it takes.
 *
 * @throws {EngineAway} at once when the connection is lost, after two seconds when it was never made
 */
export async function requireConnection(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  try {
    if (redis.status === 'connecting' || redis.status === 'connect') {
      await once(redis, 'ready', { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS) })
      return
    }
  } catch (cause) {
    throw new EngineAway('Redis', { cause })
  }
  throw new EngineAway('Redis')
}

/** Redis would throw jobs away when its memory is full. */
export class EvictionAllowed extends Error {
  override readonly name = 'EvictionAllowed'
}

/**
 * Refuses a Redis that may evict keys: a queue that loses entries looks like one that has done its work.
 *
 * @throws {EvictionAllowed}
 */
export async function requireNoEviction(redis: Pick<Redis, 'info'>): Promise<void> {
  // INFO instead of CONFIG, which managed Redis forbids.
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1]
  if (policy === 'noeviction') return
  throw new EvictionAllowed(
    `Redis runs with maxmemory-policy ${policy ?? 'unknown'}; queues need "noeviction" (redis.conf: maxmemory-policy noeviction)`,
  )
}
