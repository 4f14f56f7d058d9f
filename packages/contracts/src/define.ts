import { days } from '@rollcall/runtime/clock'
import type { z } from 'zod'

/** What both kinds of message declare once; the envelope, the topics and the AsyncAPI document follow from it. */
interface Declared<Schema extends z.ZodObject> {
  /** `user.registered`, `user.snapshot`. */
  readonly type: string
  readonly version: number
  /** The type with its version, `user.registered.v1`: the `ce_type` header. */
  readonly ceType: string
  /** The type; from version 2 on the type with its version, so that old and new stand beside each other. */
  readonly topic: string
  /** Whose version is the message's `sequence`. */
  readonly aggregate: string
  /** Path of the service that owns the aggregate, the `ce_source` header. */
  readonly source: string
  /** The aggregate's id: partition key and `ce_subject`, so one partition keeps the order of one aggregate. */
  key(data: z.infer<Schema>): string
  /** What producers must fit: an unknown member is an error. */
  readonly schema: Schema
  /** What consumers read: members that a newer producer added are dropped. */
  readonly lenientSchema: Schema
  readonly partitions: number
}

export interface FactDefinition<Schema extends z.ZodObject = z.ZodObject> extends Declared<Schema> {
  readonly kind: 'fact'
  /** How long Kafka keeps it, in milliseconds. */
  readonly retention: number
}

export interface SnapshotDefinition<Schema extends z.ZodObject = z.ZodObject> extends Declared<Schema> {
  readonly kind: 'snapshot'
  /** A compacted topic keeps the last message of every key. */
  readonly retention: 'compact'
}

export type Definition<Schema extends z.ZodObject = z.ZodObject> = FactDefinition<Schema> | SnapshotDefinition<Schema>

/** The payload of a definition: `DataOf<typeof UserRegistered>`. */
export type DataOf<D extends Definition> = z.infer<D['schema']>

/** Raising it later moves keys to other partitions and breaks their order; so it leaves room for growth. */
const DEFAULT_PARTITIONS = 3

interface FactOptions<Schema extends z.ZodObject> {
  type: `${string}.${string}`
  version: number
  aggregate: string
  source: `/${string}`
  key: (data: z.infer<Schema>) => string
  /** Milliseconds. Default: 400 days, so that a year can be compared with the one before. */
  retention?: number
  /** A `z.strictObject` of ids, times, counts and codes: facts carry no personal data outside a `sealed` member. */
  data: Schema
  partitions?: number
}

/** Declares something that has happened. Published in a topic of its own, named as its type. */
export function defineFact<Schema extends z.ZodObject>(options: FactOptions<Schema>): FactDefinition<Schema> {
  const { type, retention = days(400) } = options
  return { kind: 'fact', retention, ...declare(type, options) }
}

type SnapshotOptions<Schema extends z.ZodObject> = Omit<FactOptions<Schema>, 'type' | 'retention'>

/** Declares an aggregate's present state, published in the compacted topic `<aggregate>.snapshot`. */
export function defineSnapshot<Schema extends z.ZodObject>(
  options: SnapshotOptions<Schema>,
): SnapshotDefinition<Schema> {
  return { kind: 'snapshot', retention: 'compact', ...declare(`${options.aggregate}.snapshot`, options) }
}

function declare<Schema extends z.ZodObject>(type: string, options: SnapshotOptions<Schema>): Declared<Schema> {
  const { version, aggregate, source, key, data, partitions = DEFAULT_PARTITIONS } = options
  const ceType = `${type}.v${version}`
  const topic = version === 1 ? type : ceType
  // `strip` returns the class of the plain object schema; the members, which are what `Schema` is about, stay the same.
  const lenientSchema = data.strip() as unknown as Schema
  return { type, version, ceType, topic, aggregate, source, key, schema: data, lenientSchema, partitions }
}
