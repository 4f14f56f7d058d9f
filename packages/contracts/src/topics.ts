import { days } from '@rollcall/runtime/clock'
import { catalogue } from './catalogue.ts'
import type { Definition } from './define.ts'

export interface TopicConfig {
  topic: string
  partitions: number
  config: Record<string, string>
}

/** Where consumers put what they can't decode or handle. */
export const deadLettersTopic = 'dead-letters'

export const deadLettersConfig: TopicConfig = {
  topic: deadLettersTopic,
  partitions: 1,
  config: {
    'cleanup.policy': 'delete',
    'retention.ms': String(days(30)),
    // Above the limit of every other topic: a record that just fits there must fit here with the reason beside it.
    'max.message.bytes': String(2 * 1024 * 1024),
  },
}

/** Every topic that Rollcall needs, with the settings that its contract asks for. */
export function topicConfigs(definitions: readonly Definition[] = catalogue): TopicConfig[] {
  return [...definitions.map(topicOf), deadLettersConfig]
}

function topicOf({ topic, partitions, retention }: Definition): TopicConfig {
  if (retention !== 'compact') {
    return { topic, partitions, config: { 'cleanup.policy': 'delete', 'retention.ms': String(retention) } }
  }
  const config = {
    'cleanup.policy': 'compact',
    // An erased person's last state leaves the log within a day, however quiet the topic is.
    'max.compaction.lag.ms': String(days(1)),
    // A subscriber may be away for a week and still learns of the erasure.
    'delete.retention.ms': String(days(7)),
  }
  return { topic, partitions, config }
}
