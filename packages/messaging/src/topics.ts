import { setTimeout as sleep } from 'node:timers/promises'
import type { TopicConfig } from '@rollcall/contracts/topics'
import type { Logger } from '@rollcall/runtime/logger'
import kafkajs, { type Admin } from 'kafkajs'
import type { KafkaClients } from './kafka.ts'

export interface TopicsPlan {
  create: TopicConfig[]
  /** Topics with settings that differ, with every setting that they shall have. */
  alter: TopicConfig[]
  /** Never changed by us: another number of partitions moves keys and breaks their order. */
  otherPartitions: { topic: string; wanted: number; found: number }[]
}

/** What has to be done so that the cluster has the wanted topics. Topics that nobody wants are left alone. */
export function planTopics(found: readonly TopicConfig[], wanted: readonly TopicConfig[]): TopicsPlan {
  const present = new Map(found.map((topic) => [topic.topic, topic]))
  const plan: TopicsPlan = { create: [], alter: [], otherPartitions: [] }
  for (const topic of wanted) {
    const is = present.get(topic.topic)
    if (!is) {
      plan.create.push(topic)
      continue
    }
    const differs = Object.entries(topic.config).some(([name, value]) => is.config[name] !== value)
    if (differs) plan.alter.push(topic)
    if (is.partitions !== topic.partitions) {
      plan.otherPartitions.push({ topic: topic.topic, wanted: topic.partitions, found: is.partitions })
    }
  }
  return plan
}

/** Brings the cluster to the wanted topics; may run from several processes at once, and again. Gives what it did. */
export async function applyTopics(
  { kafka, log }: { kafka: KafkaClients; log: Logger },
  topics: readonly TopicConfig[],
): Promise<TopicsPlan> {
  const wanted = topics.map((config) => ({ ...config, topic: kafka.namespace + config.topic }))
  const admin = kafka.admin()
  try {
    await admin.connect()
    const plan = planTopics(await describeTopics(admin, wanted), wanted)
    if (plan.create.length > 0) await createTopics(admin, plan.create)
    if (plan.alter.length > 0) await alterTopics(admin, plan.alter)
    for (const difference of plan.otherPartitions) {
      log.warn(difference, 'a topic has another number of partitions than its contract; it is left as it is')
    }
    return plan
  } finally {
    await admin.disconnect()
  }
}

async function createTopics(admin: Admin, topics: TopicConfig[]) {
  await admin.createTopics({
    waitForLeaders: false,
    topics: topics.map(({ topic, partitions, config }) => ({
      topic,
      numPartitions: partitions,
      // The broker's default, which is where an operator decides how many copies there are.
      replicationFactor: -1,
      configEntries: entriesOf(config),
    })),
  })
  await waitForLeaders(admin, topics)
}

const LEADERS_WITHIN_MS = 30_000

/** Brokers hear of a new topic one after another; until then they say that there is none. */
async function waitForLeaders(admin: Admin, topics: TopicConfig[]): Promise<void> {
  const deadline = performance.now() + LEADERS_WITHIN_MS
  for (;;) {
    try {
      const found = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) })
      if (found.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await sleep(50)
  }
}

async function alterTopics(admin: Admin, topics: TopicConfig[]) {
  await admin.alterConfigs({
    validateOnly: false,
    resources: topics.map(({ topic, config }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name: topic,
      configEntries: entriesOf(config),
    })),
  })
}

function entriesOf(config: Record<string, string>) {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}

async function describeTopics(admin: Admin, wanted: readonly TopicConfig[]): Promise<TopicConfig[]> {
  const existing = new Set(await admin.listTopics())
  const names = wanted.filter(({ topic }) => existing.has(topic)).map(({ topic }) => topic)
  if (names.length === 0) return []
  const { topics } = await admin.fetchTopicMetadata({ topics: names })
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  })
  const configs = new Map(resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]))
  return topics.map(({ name, partitions }) => ({
    topic: name,
    partitions: partitions.length,
    config: Object.fromEntries(
      (configs.get(name) ?? []).map(({ configName, configValue }) => [configName, configValue]),
    ),
  }))
}
