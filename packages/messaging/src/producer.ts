import { EngineAway } from '@rollcall/runtime/engine-away'
import type { Logger } from '@rollcall/runtime/logger'
import kafkajs, { type TopicMessages } from 'kafkajs'
import type { WireMessage } from './envelope.ts'
import type { CuttableProducer, KafkaClients } from './kafka.ts'
import { startSendSpans } from './spans.ts'

export interface KafkaProducer {
  /**
   * Resolves when all replicas in sync have every message; rejects when that isn't known, and then some may be there.
   * Messages of one partition keep their order.
   */
  send(messages: WireMessage[]): Promise<void>
  /** Gives up what is being sent, now: nothing of it leaves this process any more, and its `send` rejects. */
  discard(): void
  disconnect(): Promise<void>
}

/**
 * A producer that never has two sends outstanding and is replaced after a rejected one: kafkajs numbers messages before
 * it knows the fate of those before, so that an acknowledged message can otherwise be dropped (kafkajs issue 1005).
 *
 * @throws when no broker answers; the caller decides whether to wait
 */
export async function connectProducer({ kafka, log }: { kafka: KafkaClients; log: Logger }): Promise<KafkaProducer> {
  let current: CuttableProducer | undefined = await connect(kafka)
  let previous: Promise<unknown> = Promise.resolve()
  let discards = 0

  function discard() {
    discards += 1
    current?.cut()
    current = undefined
  }

  async function sendAlone(messages: WireMessage[], askedAt: number) {
    const used = current ?? (await connect(kafka))
    if (discards !== askedAt) {
      if (used !== current) used.cut()
      throw new Error('the send was given up before it began')
    }
    current = used
    const spans = startSendSpans(messages)
    try {
      await used.producer.sendBatch({ acks: -1, timeout: 10_000, topicMessages: byTopic(messages, kafka.namespace) })
      spans.end()
    } catch (error) {
      spans.end(error)
      log.warn({ err: error, messages: messages.length }, 'Kafka did not take messages; they are sent again')
      used.cut()
      // Only if nobody has replaced it meanwhile.
      if (current === used) current = undefined
      throw refusalOf(error) === undefined ? new EngineAway('Kafka', { cause: error }) : error
    }
  }

  return {
    send(messages) {
      const askedAt = discards
      const turn = previous.then(() => sendAlone(messages, askedAt))
      previous = turn.catch(() => {})
      return turn
    },
    discard,
    async disconnect() {
      await previous
      await current?.producer.disconnect()
      discard()
    },
  }
}

async function connect(kafka: KafkaClients): Promise<CuttableProducer> {
  const candidate = kafka.producer()
  try {
    await candidate.producer.connect()
    return candidate
  } catch (error) {
    candidate.cut()
    throw new EngineAway('Kafka', { cause: error })
  }
}

function byTopic(messages: WireMessage[], namespace: string): TopicMessages[] {
  const topics = Map.groupBy(messages, ({ topic }) => topic)
  return [...topics].map(([topic, its]) => ({ topic: namespace + topic, messages: its }))
}

const REFUSALS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'])

/** Why the broker refuses these very bytes, whenever they are sent; `undefined` for what may pass. */
export function refusalOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof kafkajs.KafkaJSProtocolError && REFUSALS.has(cause.type)) return cause.type
  }
  return undefined
}
