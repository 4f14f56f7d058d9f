import { deadLettersTopic } from '@rollcall/contracts/topics'
import type { KafkaMessage } from 'kafkajs'
import { z } from 'zod'
import type { WireMessage } from './envelope.ts'

/** Where a record came from that a consumer group could not decode, and why. */
export interface DeadLetter {
  reason: string
  topic: string
  partition: number
  /** Decimal. */
  offset: string
  /** Consumer group. */
  group: string
  /** The record as it was. */
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, string>
}

type Origin = Pick<DeadLetter, 'reason' | 'topic' | 'partition' | 'group'>

const ORIGINAL = 'original-'

/** The record byte by byte, its headers under `original-…`, and what is known about it as headers beside. */
export function toDeadLetter(record: KafkaMessage, { reason, topic, partition, group }: Origin): WireMessage {
  const original = Object.entries(record.headers ?? {}).flatMap(([name, value]) =>
    value === undefined || Array.isArray(value) ? [] : [[`${ORIGINAL}${name}`, value] as const],
  )
  return {
    topic: deadLettersTopic,
    key: record.key,
    value: record.value,
    headers: {
      ...Object.fromEntries(original),
      reason,
      topic,
      partition: String(partition),
      offset: record.offset,
      group,
    },
  }
}

const Headers = z.looseObject({
  reason: z.string(),
  topic: z.string(),
  partition: z.coerce.number(),
  offset: z.string(),
  group: z.string(),
})

/**
 * Reads a record of the dead-letter topic.
 *
 * @throws {ZodError} when somebody else wrote it
 */
export function readDeadLetter({ key, value, headers = {} }: KafkaMessage): DeadLetter {
  const text = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, header?.toString() ?? '']))
  const { reason, topic, partition, offset, group } = Headers.parse(text)
  const original = Object.entries(text)
    .filter(([name]) => name.startsWith(ORIGINAL))
    .map(([name, header]) => [name.slice(ORIGINAL.length), header])
  return { reason, topic, partition, offset, group, key, value, headers: Object.fromEntries(original) }
}
