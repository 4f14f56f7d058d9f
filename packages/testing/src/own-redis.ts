import { inject } from 'vitest'

/**
 * A Redis database for this worker of vitest alone: test files that run at once share one server, and queues have the
 * same names everywhere. Flush it (FLUSHDB) before use.
 */
export function ownRedisUrl(): string {
  return `${inject('engines').redis}/${1 + (Number(process.env['VITEST_POOL_ID']) % 15)}`
}
