import { randomUUID } from 'node:crypto'
import { defineFact } from '@rollcall/contracts/define'
import { message } from '@rollcall/contracts/message'
import type { TopicConfig } from '@rollcall/contracts/topics'
import { createKafka, type KafkaClients } from '@rollcall/messaging/kafka'
import { applyTopics } from '@rollcall/messaging/topics'
import { createLogger } from '@rollcall/runtime/logger'
import { inject } from 'vitest'
import { z } from 'zod'

export const log = createLogger({ service: 'test', level: 'silent' })

/** A fact with a topic of its own, so that test files don't read each other's messages. */
export function defineProbe(name: string) {
  return defineFact({
    type: `probe.${name}-${randomUUID().slice(0, 8)}`,
    version: 1,
    aggregate: 'probe',
    source: '/probes',
    key: (data) => data.probeId,
    data: z.strictObject({ probeId: z.uuid(), text: z.string().optional() }),
  })
}

export type Probe = ReturnType<typeof defineProbe>

export function probeMessage(probe: Probe, about: { probeId: string; sequence: number; text?: string }) {
  const { probeId, sequence, text } = about
  const data = text === undefined ? { probeId } : { probeId, text }
  return message(probe, { data, sequence, at: new Date() })
}

export function testKafka(): KafkaClients {
  return createKafka({ brokers: [inject('engines').kafka], clientId: 'test', log })
}

export async function createTopicFor({ topic, partitions }: Pick<Probe, 'topic' | 'partitions'>): Promise<void> {
  const wanted: TopicConfig = { topic, partitions, config: { 'cleanup.policy': 'delete' } }
  await applyTopics({ kafka: testKafka(), log }, [wanted])
}
