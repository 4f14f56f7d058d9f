import type { DataOf, Definition } from '@rollcall/contracts/define'
import type { OutgoingMessage } from '@rollcall/contracts/message'
import type { KafkaMessage } from 'kafkajs'
import { z } from 'zod'

/** A record on its way to a broker. */
export interface WireMessage {
  topic: string
  key: string | Buffer | null
  value: string | Buffer | null
  headers: Record<string, string | Buffer>
}

/** A message as handlers see it. */
export interface ReceivedMessage<D extends Definition = Definition> {
  /** `ce_id`: the same in every copy, so what is derived from it makes handling idempotent. */
  id: string
  /** With its version: `user.registered.v1`. */
  type: string
  /** The aggregate's id. */
  subject: string
  sequence: number
  time: Date
  /** When it was handed to Kafka, by the clock of whoever did. */
  publishedAt: Date
  traceparent?: string
  /** `null` for a tombstone, which only snapshots have. */
  data: D extends { kind: 'fact' } ? DataOf<D> : DataOf<D> | null
}

/** An outgoing message whose data is JSON already; `null` is a tombstone. */
export interface EncodedMessage extends Omit<OutgoingMessage, 'data'> {
  data: string | null
  traceparent?: string | null
}

/** CloudEvents 1.0 in Kafka's binary mode: attributes as headers, data as the value. */
export function encode(message: EncodedMessage): WireMessage {
  const headers: WireMessage['headers'] = {
    ce_specversion: '1.0',
    ce_id: message.id,
    ce_source: message.source,
    ce_type: message.type,
    ce_subject: message.subject,
    ce_time: message.time,
    ce_dataschema: message.dataschema,
    ce_partitionkey: message.key,
    // Padded, so that tools which compare text order it as well.
    ce_sequence: String(message.sequence).padStart(SEQUENCE_DIGITS, '0'),
    'content-type': 'application/json',
  }
  if (message.traceparent) headers['traceparent'] = message.traceparent
  return { topic: message.topic, key: message.key, value: message.data, headers }
}

const SEQUENCE_DIGITS = 16

const Headers = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: z.uuid(),
  ce_type: z.string(),
  ce_subject: z.string().min(1),
  ce_time: z.iso.datetime({ offset: true }),
  ce_sequence: z.string().regex(/^\d{1,16}$/),
  traceparent: z.string().optional(),
})

/** A record that doesn't say what its contract promises. `reason` names the place, never a value: it may be personal. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

/** @throws {Undecodable} */
export function decode<D extends Definition>(definition: D, record: KafkaMessage): ReceivedMessage<D> {
  const headers = decodeHeaders(record)
  if (headers.ce_type !== definition.ceType) throw new Undecodable(`unknown type, not ${definition.ceType}`)
  const received = {
    id: headers.ce_id,
    type: headers.ce_type,
    subject: headers.ce_subject,
    sequence: Number(headers.ce_sequence),
    time: new Date(headers.ce_time),
    publishedAt: new Date(Number(record.timestamp)),
    ...(headers.traceparent === undefined ? {} : { traceparent: headers.traceparent }),
  }
  // The definition's own schema has just parsed it, which the compiler can't follow through the conditional type.
  return { ...received, data: decodeData(definition, record.value) as ReceivedMessage<D>['data'] }
}

function decodeHeaders({ headers = {} }: KafkaMessage) {
  const text = Object.entries(headers).map(([name, value]) => [name, value?.toString()])
  const { data, error } = Headers.safeParse(Object.fromEntries(text))
  if (error) throw new Undecodable(`headers: ${places(error)}`)
  return data
}

function decodeData(definition: Definition, value: Buffer | null): unknown {
  if (value === null) {
    if (definition.kind === 'snapshot') return null
    throw new Undecodable('data: a fact has no tombstone')
  }
  const { data, error } = definition.lenientSchema.safeParse(parseJson(value))
  if (error) throw new Undecodable(`data: ${places(error)}`)
  return data
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseJson(value: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(value))
  } catch {
    throw new Undecodable('data: not JSON in UTF-8')
  }
}

function places({ issues }: z.ZodError): string {
  return issues.map(({ path, code }) => `${path.join('.') || 'value'} ${code}`).join(', ')
}
