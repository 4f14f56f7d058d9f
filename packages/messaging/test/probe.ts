import { randomUUID } from 'node:crypto'
import { defineFact, defineSnapshot } from '@rollcall/contracts/define'
import { message } from '@rollcall/contracts/message'
import { topicConfigs } from '@rollcall/contracts/topics'
import { createLogger } from '@rollcall/runtime/logger'
import { z } from 'zod'
import { encode, type WireMessage } from '../src/envelope.ts'
import { createKafka, type KafkaClients } from '../src/kafka.ts'
import { applyTopics } from '../src/topics.ts'

export const log = createLogger({ service: 'test', level: 'silent' })

const probe = { version: 1, aggregate: 'probe', source: '/probes' } as const

export const ProbeHappened = defineFact({
  ...probe,
  type: 'probe.happened',
  key: (data) => data.probeId,
  data: z.strictObject({ probeId: z.uuid(), text: z.string().optional() }),
})

export const ProbeSnapshot = defineSnapshot({
  ...probe,
  key: (data) => data.probeId,
  data: z.strictObject({ probeId: z.uuid(), name: z.string() }),
})

/** A cluster's clients in a namespace of their own, with the probes' topics and the dead letters in it. */
export async function startNamespace(broker: string): Promise<KafkaClients> {
  const namespace = `t${randomUUID().slice(0, 8)}.`
  const kafka = createKafka({ brokers: [broker], clientId: 'test', namespace, log })
  await applyTopics({ kafka, log }, topicConfigs([ProbeHappened, ProbeSnapshot]))
  return kafka
}

export function happened(about: { probeId?: string; sequence?: number; text?: string; traceparent?: string } = {}) {
  const { probeId = randomUUID(), sequence = 1, text, traceparent } = about
  const data = text === undefined ? { probeId } : { probeId, text }
  const outgoing = message(ProbeHappened, { data, sequence, at: new Date() })
  return toWire(outgoing, traceparent)
}

export function toWire(outgoing: ReturnType<typeof message>, traceparent?: string): WireMessage {
  const data = outgoing.data === null ? null : JSON.stringify(outgoing.data)
  return encode({ ...outgoing, data, traceparent: traceparent ?? null })
}
