import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '@rollcall/runtime/waiting'
import kafkajs from 'kafkajs'
import { type ConsumerOptions, type RunningConsumer, startConsumer } from './consumer.ts'

/** Between a crash and the next try. */
const PAUSE_MS = 1000
const STOP_PATIENCE_MS = 1000

/**
 * Consumes as soon as Kafka lets it, without keeping its caller waiting: after a crash the group waits for the dead
 * member's session to end, and nobody who calls an API should wait with it. A consumer that gives up because of Kafka is
 * followed by a new one, however often: kafkajs takes some of what a broker says while it goes or comes for final.
 *
 * `behindMs` counts from now until the group is known to have caught up, and goes on counting where a consumer has crashed.
 * `failed` resolves for a mistake of ours alone.
 */
export function keepConsuming(options: ConsumerOptions): RunningConsumer {
  const { log, groupId } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const failure = Promise.withResolvers<Error>()
  let behindSince = Date.now()
  let consumer: RunningConsumer | undefined

  async function consume(): Promise<never> {
    for (;;) {
      consumer = await waitFor(`Kafka (${groupId})`, () => startConsumer(options), { log, signal })
      const crash = await consumer.failed
      if (!(crash.cause instanceof kafkajs.KafkaJSError)) throw crash
      log.error({ err: crash, group: groupId }, 'a consumer has given up; another one takes its place')
      behindSince = Date.now() - consumer.behindMs()
      const crashed = consumer
      consumer = undefined
      await crashed.stop()
      await sleep(PAUSE_MS, undefined, { signal })
    }
  }

  const ended = consume().catch((error: unknown) => {
    if (!signal.aborted) failure.resolve(error instanceof Error ? error : new Error(String(error)))
  })

  return {
    failed: failure.promise,
    behindMs: () => consumer?.behindMs() ?? Date.now() - behindSince,
    async stop() {
      stopping.abort()
      if (!consumer) await Promise.race([ended, sleep(STOP_PATIENCE_MS, undefined, { ref: false })])
      await consumer?.stop()
    },
  }
}
