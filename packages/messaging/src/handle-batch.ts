import type { Logger } from '@rollcall/runtime/logger'
import { SpanKind, withSpan } from '@rollcall/runtime/trace'
import type { KafkaMessage } from 'kafkajs'
import { toDeadLetter } from './dead-letters.ts'
import { decode, type ReceivedMessage, Undecodable } from './envelope.ts'
import type { KafkaProducer } from './producer.ts'
import { keepTrying } from './retry.ts'
import { messagingAttributes } from './spans.ts'
import type { Subscription } from './subscriptions.ts'

export interface ChunkDeps {
  group: string
  /** For dead letters. */
  producer: Pick<KafkaProducer, 'send'>
  log: Logger
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

/**
 * Runs every subscription of the topic with the chunk's messages; what can't be decoded goes to the dead letters.
 *
 * @returns whether all of it is done; false when it was left before, and then nothing may be committed
 */
export async function handleChunk(deps: ChunkDeps, chunk: Chunk): Promise<boolean> {
  const own = deps.subscriptions.filter(({ definition }) => definition.topic === chunk.topic)
  const [first] = own
  if (!first) return true
  const { messages, undecodable } = decodeAll(first.definition, chunk.records)

  const steps = undecodable.map((letter) => ({ name: 'dead-letters', run: () => bury(deps, { chunk, letter }) }))
  if (messages.length > 0) {
    steps.push(...own.map((it) => ({ name: it.name, run: () => handleInSpan(it, { topic: chunk.topic, messages }) })))
  }
  for (const step of steps) {
    const failed = (error: unknown, attempt: number) =>
      deps.log.warn(
        {
          err: error,
          attempt,
          group: deps.group,
          subscription: step.name,
          topic: chunk.topic,
          partition: chunk.partition,
        },
        'messages could not be handled; they are tried again',
      )
    if (!(await keepTrying(step.run, { active: chunk.active, signal: chunk.signal, failed }))) return false
  }
  return true
}

interface Unreadable {
  record: KafkaMessage
  reason: string
}

function decodeAll(definition: Subscription['definition'], records: KafkaMessage[]) {
  const messages: ReceivedMessage[] = []
  const undecodable: Unreadable[] = []
  for (const record of records) {
    try {
      messages.push(decode(definition, record))
    } catch (error) {
      // Also what a schema throws by mistake: thrown on, one record would stop the partition for ever.
      const reason = error instanceof Undecodable ? error.reason : `decoding failed: ${nameOf(error)}`
      undecodable.push({ record, reason })
    }
  }
  return { messages, undecodable }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

async function bury({ producer, group, log }: ChunkDeps, { chunk, letter }: { chunk: Chunk; letter: Unreadable }) {
  const origin = { reason: letter.reason, topic: chunk.topic, partition: chunk.partition, group }
  await producer.send([toDeadLetter(letter.record, origin)])
  log.error({ ...origin, offset: letter.record.offset }, 'a record could not be decoded; it is in the dead letters')
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
