import { once } from 'node:events'
import type { Logger } from './logger.ts'

export interface Lifecycle {
  /** Takes charge of a resource: `close` runs when the service ends, last opened first. */
  own<Resource>(resource: Resource, close: (resource: Resource) => unknown): Resource
  /** Says that the service can't go on: it closes and its process exits with 1. */
  fail(reason: Error): void
  readonly failed: Promise<Error>
  /** Aborted as soon as the service begins to end. */
  readonly closing: AbortSignal
  close(): Promise<void>
}

/** Closes what it owns in reverse order, and goes on when one of them fails to close. */
export function createLifecycle(log: Logger): Lifecycle {
  const closers: (() => unknown)[] = []
  const failure = Promise.withResolvers<Error>()
  const ending = new AbortController()
  let closed: Promise<void> | undefined

  async function closeAll() {
    for (let closer = closers.pop(); closer; closer = closers.pop()) {
      try {
        await closer()
      } catch (error) {
        log.error({ err: error }, 'a resource did not close cleanly')
      }
    }
  }

  return {
    own(resource, close) {
      closers.push(() => close(resource))
      return resource
    },
    fail: failure.resolve,
    failed: failure.promise,
    closing: ending.signal,
    close() {
      ending.abort()
      closed ??= closeAll()
      return closed
    },
  }
}

/** Milliseconds that a stop may take: below the 30 s that orchestrators grant before they kill. */
const STOP_LIMIT_MS = 25_000

interface Process {
  log: Logger
  lifecycle: Lifecycle
}

/**
 * Runs a service until a signal or a failure ends it.
 * The process ends by running out of work, so that telemetry is flushed; past 25 s it is ended.
 */
export async function runProcess({ log, lifecycle }: Process, start: () => Promise<void>): Promise<void> {
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]).then(() => 'signal' as const)
  const outcome = await Promise.race([start().then(() => 'started' as const, toError), stopped])
  const end = outcome === 'started' ? await Promise.race([stopped, lifecycle.failed]) : outcome
  if (end instanceof Error) {
    process.exitCode = 1
    log.fatal({ err: end }, 'the service cannot go on')
  }
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref()
  await lifecycle.close()
  log.info('stopped')
  // Sockets of clients that never say goodbye would keep the loop alive until the limit.
  setTimeout(() => process.exit(), 500).unref()
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
