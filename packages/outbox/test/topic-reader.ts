import { randomUUID } from 'node:crypto'
import type { KafkaClients } from '@rollcall/messaging/kafka'

export interface TopicRecord {
  partition: number
  offset: number
  key: string
  id: string
  sequence: number
  value: string | null
  headers: Record<string, string>
}

export interface TopicReader {
  /** Everything in the topic so far, per partition in its order. */
  records: TopicRecord[]
  stop(): Promise<void>
}

/** Reads a topic as somebody outside would, from its beginning on. */
export async function readTopic(kafka: KafkaClients, topic: string): Promise<TopicReader> {
  const records: TopicRecord[] = []
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 50 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const entries = Object.entries(message.headers ?? {}).map(([name, value]) => [name, value?.toString() ?? ''])
      const headers: Record<string, string> = Object.fromEntries(entries)
      records.push({
        partition,
        offset: Number(message.offset),
        key: message.key?.toString() ?? '',
        id: headers['ce_id'] ?? '',
        sequence: Number(headers['ce_sequence']),
        value: message.value?.toString() ?? null,
        headers,
      })
    },
  })
  return { records, stop: () => consumer.disconnect() }
}

/**
 * Invariant I3: per key, `sequence` goes back only in copies of a message that is there already.
 *
 * @returns what breaks it
 */
export function orderViolations(records: readonly TopicRecord[]): string[] {
  const seen = new Map<string, string | null>()
  const highest = new Map<string, number>()
  const violations: string[] = []
  for (const { key, id, sequence, value } of records) {
    if (seen.has(id)) {
      if (seen.get(id) !== value) violations.push(`${id} came again with other bytes`)
      continue
    }
    seen.set(id, value)
    const before = highest.get(key) ?? 0
    if (sequence !== before + 1) violations.push(`${key}: ${sequence} after ${before}`)
    highest.set(key, Math.max(before, sequence))
  }
  return violations
}

/** How many of the records are copies of one before. */
export function duplicates(records: readonly TopicRecord[]): number {
  return records.length - new Set(records.map(({ id }) => id)).size
}
