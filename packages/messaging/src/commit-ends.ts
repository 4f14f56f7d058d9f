import type { Admin } from 'kafkajs'
import type { KafkaClients } from './kafka.ts'

/** What Kafka says of a partition in which a group has never committed. */
export const NEVER = '-1'

export interface GroupTopics {
  kafka: KafkaClients
  /** With the namespace, as the topics. */
  groupId: string
  topics: string[]
}

/** Milliseconds that the broker may keep a fetch waiting; nothing is to be read. */
const FETCH_WAIT_MS = 100

/**
 * Notes the present ends of its topics for a group that begins there. Until its first record it would otherwise begin at the
 * end again with every start, and never see what was published between two of them. All ends are read at once, and then noted
 * by a member of the group for a moment: what is published meanwhile is behind them.
 */
export async function commitEnds({ kafka, groupId, topics }: GroupTopics): Promise<void> {
  const ends = await findUnknownEnds({ kafka, groupId, topics })
  if (ends.length === 0) return
  // By `admin.setOffsets` it would take five seconds a topic, in which the ends move on.
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: FETCH_WAIT_MS, allowAutoTopicCreation: false })
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve())
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: false })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} })
    await joined
    await consumer.commitOffsets(ends)
  } finally {
    await consumer.disconnect()
  }
}

async function findUnknownEnds({ kafka, groupId, topics }: GroupTopics): Promise<TopicPartitionOffset[]> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const { groups } = await admin.describeGroups([groupId])
    // One that has members has begun: they know where, and Kafka takes no offsets from outside.
    if (groups.some(({ members }) => members.length > 0)) return []
    const committed = await admin.fetchOffsets({ groupId, topics })
    const found = await Promise.all(committed.map((of) => endsOf(admin, of)))
    return found.flat()
  } finally {
    await admin.disconnect()
  }
}

type Committed = Awaited<ReturnType<Admin['fetchOffsets']>>[number]

async function endsOf(admin: Admin, { topic, partitions }: Committed): Promise<TopicPartitionOffset[]> {
  const unknown = new Set(partitions.filter(({ offset }) => offset === NEVER).map(({ partition }) => partition))
  if (unknown.size === 0) return []
  const ends = await admin.fetchTopicOffsets(topic)
  return ends
    .filter(({ partition }) => unknown.has(partition))
    .map(({ partition, high }) => ({ topic, partition, offset: high }))
}

interface TopicPartitionOffset {
  topic: string
  partition: number
  offset: string
}
