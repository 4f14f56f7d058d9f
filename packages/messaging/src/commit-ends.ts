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

/**
 * Notes the present ends of its topics for a group that begins there. Until its first record it would otherwise begin at the
 * end again with every start, and never see what was published between two of them. Takes five seconds a topic, at the very
 * first start alone: kafkajs sets offsets by a consumer that waits for a fetch.
 */
export async function commitEnds({ kafka, groupId, topics }: GroupTopics): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const { groups } = await admin.describeGroups([groupId])
    // One that has members has begun: they know where, and Kafka takes no offsets from outside.
    if (groups.some(({ members }) => members.length > 0)) return
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics })) {
      const unknown = new Set(partitions.filter(({ offset }) => offset === NEVER).map(({ partition }) => partition))
      if (unknown.size > 0) await commitEndsOf(admin, { groupId, topic, unknown })
    }
  } finally {
    await admin.disconnect()
  }
}

async function commitEndsOf(admin: Admin, of: { groupId: string; topic: string; unknown: Set<number> }): Promise<void> {
  const { groupId, topic, unknown } = of
  const ends = await admin.fetchTopicOffsets(topic)
  const partitions = ends
    .filter(({ partition }) => unknown.has(partition))
    .map(({ partition, high }) => ({ partition, offset: high }))
  await admin.setOffsets({ groupId, topic, partitions })
}
