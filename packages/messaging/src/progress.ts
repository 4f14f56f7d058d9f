import type { Logger } from '@rollcall/runtime/logger'
import type { Registry } from '@rollcall/runtime/metrics'
import { startPeriodic } from '@rollcall/runtime/periodic'
import type { Admin } from 'kafkajs'
import { NEVER } from './commit-ends.ts'
import { groupGauge } from './group-gauge.ts'
import type { KafkaClients } from './kafka.ts'
import { createProgressLog, type Positions } from './progress-log.ts'

interface ProgressOptions {
  kafka: KafkaClients
  groupId: string
  topics: string[]
  startAt: 'earliest' | 'latest'
  registry: Registry
  log: Logger
}

export interface GroupProgress {
  /**
   * Milliseconds since when something may have been published that the group has not applied: from the last moment
   * whose every record is known to be handled. Grows while the broker cannot be asked, while handlers fail, and for
   * topics that nobody gets to.
   */
  behindMs(): number
  stop(): Promise<void>
}

const EVERY_MS = 5000

/**
 * Compares what the group has committed with the end of its topics, as the broker tells it: all of the group, not what
 * this process happens to fetch. `consumer_lag_records` and `consumer_lag_seconds` by topic, `consumer_behind_seconds`.
 */
export function followProgress(options: ProgressOptions): GroupProgress {
  const { kafka, groupId, registry, log } = options
  const group = groupId
  const admin = createAdmin(kafka)
  const progress = createProgressLog(Date.now())
  const rounds = startPeriodic(
    { name: `progress of ${group}`, everyMs: EVERY_MS, firstAfterMs: 1000, log },
    async () => {
      const askedAt = Date.now()
      progress.note(await admin.ask((it) => readPositions(it, options)), askedAt)
    },
  )
  const behindMs = () => Date.now() - progress.caughtUpAt()

  const perTopic = (name: string, help: string, pick: (lag: { records: number; since: number }) => number) =>
    groupGauge(registry, { name, help, labels: ['group', 'topic'] }).report(group, (gauge) => {
      for (const [topic, lag] of progress.lags()) {
        gauge.set({ group, topic: topic.slice(kafka.namespace.length) }, pick(lag))
      }
    })
  perTopic('consumer_lag_records', 'Records that wait for the group, by the end of the topic', ({ records }) => records)
  perTopic(
    'consumer_lag_seconds',
    'Since when records wait for the group, by the end of the topic',
    ({ records, since }) => (records === 0 ? 0 : Math.max(0, Date.now() - since) / 1000),
  )
  groupGauge(registry, {
    name: 'consumer_behind_seconds',
    help: 'Since when something may have been published that the group has not applied',
    labels: ['group'],
  }).report(group, (gauge) => gauge.set({ group }, behindMs() / 1000))

  return {
    behindMs,
    async stop() {
      await rounds.stop()
      await admin.close()
    },
  }
}

/** One connection, made when it is needed and again after a failure. */
function createAdmin(kafka: KafkaClients) {
  let connected: Admin | undefined
  async function close() {
    const old = connected
    connected = undefined
    await old?.disconnect().catch(() => {})
  }
  return {
    close,
    async ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
      try {
        if (!connected) {
          const fresh = kafka.admin()
          await fresh.connect()
          connected = fresh
        }
        return await question(connected)
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}

async function readPositions(admin: Admin, { kafka, groupId, topics, startAt }: ProgressOptions): Promise<Positions> {
  const offsets = await admin.fetchOffsets({ groupId: kafka.namespace + groupId, topics })
  const ends = await Promise.all(
    topics.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(topic) })),
  )
  return ends.flatMap(({ topic, partitions }) => {
    const own = offsets.find((it) => it.topic === topic)?.partitions ?? []
    return partitions.map(({ partition, low, high }) => {
      const committed = own.find((it) => it.partition === partition)?.offset ?? NEVER
      const first = startAt === 'earliest' ? low : high
      return { topic, partition, handled: committed === NEVER ? Number(first) : Number(committed), end: Number(high) }
    })
  })
}
