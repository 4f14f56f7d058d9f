import type { Definition } from '@rollcall/contracts/define'
import { isEngineAway } from '@rollcall/runtime/engine-away'
import { SpanKind, withSpan } from '@rollcall/runtime/trace'
import type { KafkaMessage } from 'kafkajs'
import { type BuryDeps, bury } from './bury.ts'
import { decode, type ReceivedMessage, Undecodable } from './envelope.ts'
import { keepTrying, type Outcome } from './retry.ts'
import { messagingAttributes } from './spans.ts'
import type { Subscription } from './subscriptions.ts'

export interface ChunkDeps extends BuryDeps {
  group: string
  subscriptions: readonly Subscription[]
}

export interface Chunk {
  topic: string
  partition: number
  records: KafkaMessage[]
  /** Whether the partition is still ours and the consumer not stopping. */
  active(): boolean
  signal: AbortSignal
}

/** Tries of messages together, and then of each alone, before they count as never to be handled. */
const TRIES_TOGETHER = 4
const TRIES_ALONE = 2

/**
 * Runs every subscription of the topic with the chunk's messages. While an engine is away it tries again, as long as it
 * takes: nothing is lost by waiting. What can't be decoded, or fails for another reason, goes to the dead letters after a
 * few tries: kafkajs fetches from a broker only when every batch of it is done, so one such message would stop every
 * topic of the group.
 *
 * @returns whether all of it is done; false when it was left before, and then nothing may be committed
 */
export async function handleChunk(deps: ChunkDeps, chunk: Chunk): Promise<boolean> {
  const own = deps.subscriptions.filter(({ definition }) => definition.topic === chunk.topic)
  const [first] = own
  if (!first) return true
  const { definition } = first
  const { readable, undecodable } = decodeAll(definition, chunk.records)
  for (const { record, reason } of undecodable) {
    if (!(await buryRecord(deps, chunk, { record, reason, kind: definition.kind }))) return false
  }
  if (readable.length === 0) return true
  for (const subscription of own) {
    if (!(await handleAll({ ...deps, chunk, subscription }, readable))) return false
  }
  return true
}

interface Readable {
  record: KafkaMessage
  message: ReceivedMessage
}

function decodeAll(definition: Definition, records: KafkaMessage[]) {
  const readable: Readable[] = []
  const undecodable: { record: KafkaMessage; reason: string }[] = []
  for (const record of records) {
    try {
      readable.push({ record, message: decode(definition, record) })
    } catch (error) {
      // Also what a schema throws by mistake: thrown on, one record would stop the partition for ever.
      const reason = error instanceof Undecodable ? error.reason : `decoding failed: ${nameOf(error)}`
      undecodable.push({ record, reason })
    }
  }
  return { readable, undecodable }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

interface Handling extends ChunkDeps {
  chunk: Chunk
  subscription: Subscription
}

/** Together, as that is quick; where that fails for good, one by one, to find those that it fails for. */
async function handleAll(handling: Handling, readable: Readable[]): Promise<boolean> {
  const { chunk, subscription } = handling
  const together = await attempt(handling, { messages: readable.map(({ message }) => message), tries: TRIES_TOGETHER })
  if (together.kind !== 'gave-up') return together.kind === 'done'
  for (const { record, message } of readable) {
    const alone = await attempt(handling, { messages: [message], tries: TRIES_ALONE })
    if (alone.kind === 'left') return false
    if (alone.kind === 'done') continue
    const { name, definition } = subscription
    const why = { reason: 'could not be handled', subscription: name, cause: causeOf(alone.error) }
    if (!(await buryRecord(handling, chunk, { record, kind: definition.kind, ...why }))) return false
  }
  return true
}

function attempt(
  { log, group, chunk, subscription }: Handling,
  { messages, tries }: { messages: ReceivedMessage[]; tries: number },
): Promise<Outcome> {
  const { topic, partition, active, signal } = chunk
  const failed = (error: unknown, count: number) => {
    const where = { group, subscription: subscription.name, topic, partition, messages: messages.length }
    log.warn({ err: error, attempt: count, ...where }, 'messages could not be handled')
    return !isEngineAway(error) && count >= tries
  }
  return keepTrying(() => handleInSpan(subscription, { topic, messages }), { active, signal, failed })
}

interface Unhandled {
  record: KafkaMessage
  kind: Definition['kind']
  reason: string
  subscription?: string
  cause?: string
}

async function buryRecord(deps: ChunkDeps, chunk: Chunk, { record, ...why }: Unhandled): Promise<boolean> {
  const { topic, partition, active, signal } = chunk
  const failed = (error: unknown, attempt: number) => {
    deps.log.warn({ err: error, attempt, group: deps.group, topic, partition }, 'a dead letter could not be written')
    return false
  }
  const write = () => bury(deps, record, { topic, partition, group: deps.group, ...why })
  return (await keepTrying(write, { active, signal, failed })).kind === 'done'
}

/** The error in one line, without its stack. */
function causeOf(error: unknown): string {
  const { message = '', code } = error instanceof Error ? (error as Error & { code?: unknown }) : {}
  const coded = typeof code === 'string' ? ` ${code}` : ''
  return `${nameOf(error)}${coded}: ${message.replace(/\s+/g, ' ').slice(0, 300)}`
}

/** A single message continues its own trace. Several share a span; each keeps its `traceparent` for what follows from it. */
function handleInSpan(subscription: Subscription, { topic, messages }: { topic: string; messages: ReceivedMessage[] }) {
  const attributes = {
    ...messagingAttributes({ operation: 'process', topic }),
    'messaging.batch.message_count': messages.length,
  }
  const parent = messages.length === 1 ? messages[0]?.traceparent : undefined
  return withSpan(`process ${subscription.name}`, { kind: SpanKind.CONSUMER, parent, attributes }, () =>
    subscription.handle(messages),
  )
}
