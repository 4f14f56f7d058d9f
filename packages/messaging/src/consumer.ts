import { setTimeout as sleep } from 'node:timers/promises'
import type { Checkpoint } from '@rollcall/runtime/checkpoint'
import type { Logger } from '@rollcall/runtime/logger'
import type { Registry } from '@rollcall/runtime/metrics'
import type { Consumer } from 'kafkajs'
import { commitEnds } from './commit-ends.ts'
import type { KafkaClients } from './kafka.ts'
import { createOffsetKeeper } from './offsets.ts'
import type { KafkaProducer } from './producer.ts'
import { followProgress } from './progress.ts'
import { createReader } from './reader.ts'
import type { Subscription } from './subscriptions.ts'

export interface ConsumerOptions {
  kafka: KafkaClients
  /** Another list of topics is another group: members of one group with different lists leave partitions unread. */
  groupId: string
  subscriptions: readonly Subscription[]
  /**
   * Where a group begins that has never committed. `earliest`: at the oldest record that Kafka has, up to 400 days of
   * facts. `latest`: with what comes from now on.
   */
  startAt: 'earliest' | 'latest'
  log: Logger
  /** Takes the dead letters. */
  producer: Pick<KafkaProducer, 'send'>
  registry: Registry
  /** Passes `consumer-after-handle`, between the handlers and the note for the next commit. */
  checkpoint?: Checkpoint
  /** After how long without a sign of life another member takes over. */
  sessionTimeoutMs: number
}

export interface RunningConsumer {
  /** Finishes the chunks in hand, commits and leaves the group. */
  stop(): Promise<void>
  /** Milliseconds since when something may have been published that the group has not applied. */
  behindMs(): number
  /** Resolves when the consumer has died and won't come back: the service turns unready and exits. */
  failed: Promise<Error>
}

const COMMIT_INTERVAL_MS = 1000
const STOP_PATIENCE_MS = 4000

/** @throws when no broker answers or a topic is missing */
export async function startConsumer(options: ConsumerOptions): Promise<RunningConsumer> {
  const { kafka, groupId, subscriptions, startAt, log, sessionTimeoutMs } = options
  const { namespace } = kafka
  const heartbeatMs = sessionTimeoutMs <= 10_000 ? 1000 : 3000
  const consumer = kafka.consumer({
    groupId: namespace + groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: 1000,
    // A backlog is read in small helpings: 100 000 records then cost 180 MB instead of 340 at the same rate.
    maxBytesPerPartition: 128 * 1024,
    maxBytes: 1024 * 1024,
    allowAutoTopicCreation: false,
  })
  const offsets = createOffsetKeeper({ consumer, log })
  const topics = topicsOf(subscriptions, namespace)
  if (startAt === 'latest') await commitEnds({ kafka, groupId: namespace + groupId, topics })
  const reader = createReader({ ...options, group: groupId, namespace, heartbeatMs, offsets })
  const failed = watchForCrash(consumer, { log, groupId })
  // What was handled before the rebalance is still ours to commit; afterwards the partitions may belong to others.
  consumer.on(consumer.events.REBALANCING, () => offsets.commit())
  consumer.on(consumer.events.GROUP_JOIN, () => offsets.forget())

  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: startAt === 'earliest' })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency(subscriptions),
      eachBatch: reader.read,
    })
  } catch (error) {
    await consumer.disconnect().catch(() => {})
    throw error
  }

  const commits = setInterval(() => void offsets.commit(), COMMIT_INTERVAL_MS)
  const progress = followProgress({ ...options, topics })
  return {
    behindMs: progress.behindMs,
    failed,
    async stop() {
      clearInterval(commits)
      await atMost(STOP_PATIENCE_MS, progress.stop())
      await reader.stop()
      // What a Kafka that is away doesn't hear is delivered again, to handlers that know it.
      await atMost(STOP_PATIENCE_MS, offsets.commit())
      await atMost(STOP_PATIENCE_MS, consumer.disconnect())
    },
  }
}

async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  const timeUp = new AbortController()
  const time = sleep(milliseconds, undefined, { signal: timeUp.signal }).catch(() => {})
  await Promise.race([work, time])
  timeUp.abort()
}

function topicsOf(subscriptions: readonly Subscription[], namespace: string): string[] {
  return [...new Set(subscriptions.map(({ definition }) => namespace + definition.topic))]
}

/** Every partition of every topic at once: a slow one then delays itself only until the next fetch. */
function concurrency(subscriptions: readonly Subscription[]): number {
  const partitions = new Map(subscriptions.map(({ definition }) => [definition.topic, definition.partitions]))
  return [...partitions.values()].reduce((sum, count) => sum + count, 0)
}

function watchForCrash(consumer: Consumer, { log, groupId }: { log: Logger; groupId: string }): Promise<Error> {
  return new Promise((resolve) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (restart) log.warn({ err: error, group: groupId }, 'the consumer has lost Kafka and connects again')
      else resolve(new Error(`consumer ${groupId} has crashed`, { cause: error }))
    })
  })
}
