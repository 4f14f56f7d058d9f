import { createHttpApp, type HttpAppOptions } from '@rollcall/http/app'
import { connectLimitsRedis } from '@rollcall/http/limits-redis'
import { listen } from '@rollcall/http/listen'
import { createRateLimits } from '@rollcall/http/rate-limits'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { SharedSettings } from '@rollcall/runtime/config'
import type { Foundation } from './foundation.ts'

interface Served extends Pick<HttpAppOptions, 'routes' | 'authenticate' | 'knowledgeAgeMs'> {
  config: Pick<SharedSettings, 'http' | 'redis' | 'publicUrl'>
}

/** Serves a service's operations on its public port. Opened last, so that it is the first to end: it drains. */
export async function serve<Tables extends OutboxTables>(
  { log, registry, own, name, started }: Foundation<Tables>,
  { config: { http, redis, publicUrl }, ...served }: Served,
): Promise<void> {
  const limitsRedis = own(connectLimitsRedis(redis.url, log), (it) => it.disconnect())
  const { rateLimitFactor: factor, corsOrigins, trustedProxies, checkAnswers, port } = http
  const rateLimits = createRateLimits({ redis: limitsRedis, factor })
  const shared = { publicUrl, rateLimits, corsOrigins, trustedProxies, checkAnswers, log, registry }
  const listener = own(await listen(createHttpApp({ ...served, ...shared }), { port }), (it) => it.drain())
  started()
  log.info({ port: listener.port }, `${name} is ready`)
}
