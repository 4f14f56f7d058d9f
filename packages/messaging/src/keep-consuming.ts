import { waitFor } from '@rollcall/runtime/waiting'
import { type ConsumerOptions, type RunningConsumer, startConsumer } from './consumer.ts'

/**
 * Consumes as soon as Kafka lets it, without keeping its caller waiting: after a crash the group waits for the dead
 * member's session to end (up to 45 s), and nobody who calls an API should wait with it.
 *
 * `behindMs` counts from now until the group is known to have caught up.
 */
export function keepConsuming(options: ConsumerOptions): RunningConsumer {
  const { log, groupId } = options
  const stopping = new AbortController()
  const startedAt = Date.now()
  const failure = Promise.withResolvers<Error>()
  let consumer: RunningConsumer | undefined

  async function start() {
    const wait = { log, signal: stopping.signal }
    consumer = await waitFor(`Kafka (${groupId})`, () => startConsumer(options), wait)
    void consumer.failed.then(failure.resolve)
  }

  const starting = start().catch((error: unknown) => {
    if (!stopping.signal.aborted) failure.resolve(error instanceof Error ? error : new Error(String(error)))
  })

  return {
    failed: failure.promise,
    behindMs: () => consumer?.behindMs() ?? Date.now() - startedAt,
    async stop() {
      stopping.abort()
      await Promise.race([starting, consumer ? undefined : new Promise((resolve) => setTimeout(resolve, 1000).unref())])
      await consumer?.stop()
    },
  }
}
