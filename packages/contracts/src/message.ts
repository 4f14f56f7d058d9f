import { newId } from '@rollcall/runtime/ids'
import type { z } from 'zod'
import type { Definition, SnapshotDefinition } from './define.ts'

/** A message as the outbox keeps it. */
export interface OutgoingMessage {
  /** `ce_id`, a UUIDv7: the same in every copy of this message. */
  id: string
  topic: string
  /** Partition key. */
  key: string
  /** With its version: `user.registered.v1`. */
  type: string
  source: string
  /** The aggregate's id. */
  subject: string
  /** ISO 8601, UTC. */
  time: string
  dataschema: string
  /** The aggregate's version after the change. */
  sequence: number
  /** `null`: a tombstone. */
  data: Record<string, unknown> | null
}

interface MessageOf<Schema extends z.ZodObject> {
  data: z.input<Schema>
  /** The aggregate's version after the change that this message tells of. */
  sequence: number
  at: Date
}

/**
 * A message ready for the outbox.
 *
 * @throws {ZodError} when the data doesn't fit exactly: a producer's mistake must not reach other teams.
 */
export function message<Schema extends z.ZodObject>(
  definition: Definition<Schema>,
  { data, sequence, at }: MessageOf<Schema>,
): OutgoingMessage {
  const valid = definition.schema.parse(data)
  return { ...envelope(definition, { key: definition.key(valid), sequence, at }), data: valid }
}

/** Tells that an aggregate has been erased: compaction then removes what the topic held about it. */
export function tombstone(
  definition: SnapshotDefinition,
  { id, sequence, at }: { id: string; sequence: number; at: Date },
): OutgoingMessage {
  return { ...envelope(definition, { key: id, sequence, at }), data: null }
}

function envelope(definition: Definition, { key, sequence, at }: { key: string; sequence: number; at: Date }) {
  return {
    id: newId(),
    topic: definition.topic,
    key,
    type: definition.ceType,
    source: definition.source,
    subject: key,
    time: at.toISOString(),
    dataschema: dataschemaOf(definition),
    sequence,
  }
}

/** The name of a payload's schema, as a URI: the one in the AsyncAPI document under `components.schemas`. */
export function dataschemaOf(definition: Definition): string {
  return `urn:rollcall:schema:${definition.ceType}`
}
