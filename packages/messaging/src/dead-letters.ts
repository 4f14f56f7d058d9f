import { deadLettersTopic } from '@rollcall/contracts/topics'
import type { KafkaMessage } from 'kafkajs'
import { z } from 'zod'
import type { WireMessage } from './envelope.ts'

/** Where a record came from that a consumer group could not decode or handle, and why. */
export interface DeadLetter {
  reason: string
  topic: string
  partition: number
  /** Decimal. */
  offset: string
  /** Consumer group. */
  group: string
  /** Which of the group's subscriptions could not handle it; missing where it could not be decoded. */
  subscription?: string | undefined
  /** What the handler threw, in one line without its stack. */
  cause?: string | undefined
  /** The record as it was. */
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, string>
}

export type Origin = Pick<DeadLetter, 'reason' | 'topic' | 'partition' | 'group' | 'subscription' | 'cause'>

const ORIGINAL = 'original-'

/** The record byte by byte, its headers under `original-…`, and what is known about it as headers beside. */
export function toDeadLetter(record: KafkaMessage, origin: Origin): WireMessage {
  const { reason, topic, partition, group, subscription, cause } = origin
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
      ...(subscription === undefined ? {} : { subscription }),
      ...(cause === undefined ? {} : { cause }),
    },
  }
}

const Headers = z.object({
  reason: z.string(),
  topic: z.string(),
  partition: z.coerce.number(),
  offset: z.string(),
  group: z.string(),
  subscription: z.string().optional(),
  cause: z.string().optional(),
})

/**
 * Reads a record of the dead-letter topic.
 *
 * @throws {ZodError} when somebody else wrote it
 */
export function readDeadLetter({ key, value, headers = {} }: KafkaMessage): DeadLetter {
  const text = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, header?.toString() ?? '']))
  const origin = Headers.parse(text)
  const original = Object.entries(text)
    .filter(([name]) => name.startsWith(ORIGINAL))
    .map(([name, header]) => [name.slice(ORIGINAL.length), header])
  return { ...origin, key, value, headers: Object.fromEntries(original) }
}
