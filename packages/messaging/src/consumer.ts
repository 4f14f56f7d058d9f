import { type Checkpoint, noCheckpoint } from '@rollcall/runtime/checkpoint'
import type { Logger } from '@rollcall/runtime/logger'
import { Gauge, type Registry } from '@rollcall/runtime/metrics'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import { type ChunkDeps, handleChunk } from './handle-batch.ts'
import type { KafkaClients } from './kafka.ts'
import { createLagMeter, type LagMeter } from './lag.ts'
import { createOffsetKeeper, type OffsetKeeper } from './offsets.ts'
import type { KafkaProducer } from './producer.ts'
import type { Subscription } from './subscriptions.ts'

export interface ConsumerOptions {
  kafka: KafkaClients
  /** Another list of topics is another group: members of one group with different lists leave partitions unread. */
  groupId: string
  subscriptions: readonly Subscription[]
  log: Logger
  /** Takes the dead letters. */
  producer: Pick<KafkaProducer, 'send'>
  registry: Registry
  /** Passes `consumer-after-handle`, between the handlers and the note for the next commit. */
  checkpoint?: Checkpoint
  /** After how long without a sign of life another member takes over. Default: 45 000; authorization projections: 6 000. */
  sessionTimeoutMs?: number
}

export interface RunningConsumer {
  /** Finishes the chunks in hand, commits and leaves the group. */
  stop(): Promise<void>
  /** Milliseconds since the last successful fetch: how old what we know may be. */
  lastFetchAgeMs(): number
  /** Resolves when the consumer has died and won't come back: the service turns unready and exits. */
  failed: Promise<Error>
}

/** Records handled at once. More would delay heartbeats and lose more work at a rebalance. */
const CHUNK = 100
const COMMIT_INTERVAL_MS = 1000

/** @throws when no broker answers or a topic is missing */
export async function startConsumer(options: ConsumerOptions): Promise<RunningConsumer> {
  const { kafka, groupId, subscriptions, log, registry } = options
  const { sessionTimeoutMs = 45_000 } = options
  const topics = [...new Set(subscriptions.map(({ definition }) => kafka.namespace + definition.topic))]
  const consumer = kafka.consumer({
    groupId: kafka.namespace + groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatOf(sessionTimeoutMs),
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
  })
  const offsets = createOffsetKeeper({ consumer, log })
  const lag = createLagMeter(registry, groupId)
  const reader = createReader(options, { offsets, lag })
  const failed = watchForCrash(consumer, groupId)
  let lastFetch = Date.now()
  consumer.on(consumer.events.FETCH, () => {
    lastFetch = Date.now()
  })
  // What was handled before the rebalance is still ours to commit; afterwards the partitions may belong to others.
  consumer.on(consumer.events.REBALANCING, () => offsets.commit())
  consumer.on(consumer.events.GROUP_JOIN, () => {
    offsets.forget()
    lag.forget()
  })
  const lastFetchAgeMs = () => Date.now() - lastFetch
  const fetchAge = fetchAgeGauge(registry)

  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
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

  const ticks = setInterval(() => {
    lag.report(Date.now())
    fetchAge.set({ group: groupId }, lastFetchAgeMs() / 1000)
    void offsets.commit()
  }, COMMIT_INTERVAL_MS)

  return {
    lastFetchAgeMs,
    failed,
    async stop() {
      clearInterval(ticks)
      await reader.stop()
      await offsets.commit()
      await consumer.disconnect()
    },
  }
}

function heartbeatOf(sessionTimeoutMs: number): number {
  return sessionTimeoutMs <= 10_000 ? 1000 : 3000
}

/** Every partition of every topic at once: a slow one then delays itself only until the next fetch. */
function concurrency(subscriptions: readonly Subscription[]): number {
  const partitions = new Map(subscriptions.map(({ definition }) => [definition.topic, definition.partitions]))
  return [...partitions.values()].reduce((sum, count) => sum + count, 0)
}

function watchForCrash(consumer: Consumer, groupId: string): Promise<Error> {
  return new Promise((resolve) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) resolve(new Error(`consumer ${groupId} has crashed`, { cause: payload.error }))
    })
  })
}

function fetchAgeGauge(registry: Registry): Gauge<'group'> {
  const name = 'consumer_last_fetch_age_seconds'
  const existing = registry.getSingleMetric(name)
  if (existing instanceof Gauge) return existing
  const help = 'Time since the group last heard from Kafka'
  return new Gauge({ name, help, labelNames: ['group'], registers: [registry] })
}

function createReader(options: ConsumerOptions, { offsets, lag }: { offsets: OffsetKeeper; lag: LagMeter }) {
  const { kafka, subscriptions, groupId, producer, log, checkpoint = noCheckpoint, sessionTimeoutMs = 45_000 } = options
  const deps: ChunkDeps = { subscriptions, group: groupId, producer, log }
  const stopping = new AbortController()
  const inHand = new Set<Promise<void>>()

  async function readBatch(payload: EachBatchPayload) {
    const { batch, resolveOffset, isRunning, isStale } = payload
    const { topic, partition } = batch
    const contractTopic = topic.slice(kafka.namespace.length)
    const pulse = startPulse(payload, heartbeatOf(sessionTimeoutMs))
    const active = () => !stopping.signal.aborted && isRunning() && !isStale() && pulse.error === undefined
    try {
      for (let start = 0; start < batch.messages.length && active(); start += CHUNK) {
        const records = batch.messages.slice(start, start + CHUNK)
        const [first, last] = [records[0], records.at(-1)]
        if (!first || !last) break
        lag.waiting({ topic, partition, timestamp: first.timestamp })
        if (!(await handleChunk(deps, { topic: contractTopic, partition, records, active, signal: stopping.signal })))
          break
        await checkpoint('consumer-after-handle')
        resolveOffset(last.offset)
        offsets.handled({ topic, partition, offset: last.offset })
        const caughtUp = BigInt(last.offset) + 1n >= BigInt(batch.highWatermark)
        lag.handled({ topic, partition, timestamp: last.timestamp, caughtUp })
      }
    } finally {
      pulse.stop()
    }
    // kafkajs joins the group again when it hears of it.
    if (pulse.error !== undefined) throw pulse.error
  }

  return {
    async read(payload: EachBatchPayload) {
      const work = readBatch(payload)
      inHand.add(work)
      try {
        await work
      } finally {
        inHand.delete(work)
      }
    },
    async stop() {
      stopping.abort()
      await Promise.allSettled(inHand)
    },
  }
}

/** Heartbeats while handlers run and while they wait for a database, so that the partition stays ours meanwhile. */
function startPulse({ heartbeat }: EachBatchPayload, intervalMs: number) {
  const pulse: { error: unknown; stop(): void } = { error: undefined, stop: () => clearInterval(timer) }
  const timer = setInterval(() => {
    heartbeat().catch((error: unknown) => {
      pulse.error ??= error
    })
  }, intervalMs)
  return pulse
}
