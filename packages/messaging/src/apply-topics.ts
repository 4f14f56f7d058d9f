import { topicConfigs } from '@rollcall/contracts/topics'
import { commaList, parseEnvironment } from '@rollcall/runtime/config'
import { createLogger } from '@rollcall/runtime/logger'
import { z } from 'zod'
import { createKafka } from './kafka.ts'
import { applyTopics } from './topics.ts'

/** Run by itself before the services start: a consumer never sees a topic come into being. */
const { KAFKA_BROKERS: brokers } = parseEnvironment(z.object({ KAFKA_BROKERS: commaList }), process.env)
const log = createLogger({ service: 'topics', level: 'warn' })
const kafka = createKafka({ brokers, clientId: 'topics', log })
const { create, alter, otherPartitions } = await applyTopics({ kafka, log }, topicConfigs())
process.stdout.write(`topics: ${create.length} created, ${alter.length} changed\n`)
for (const { topic, wanted, found } of otherPartitions) {
  process.stdout.write(`topics: ${topic} has ${found} partitions instead of ${wanted}; that is left as it is\n`)
}
