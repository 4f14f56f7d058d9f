import { randomUUID } from 'node:crypto'
import { message, type OutgoingMessage } from '@rollcall/contracts/message'
import { RegistrationConfirmed } from '@rollcall/contracts/registrations'
import { topicConfigs } from '@rollcall/contracts/topics'
import { encode } from '@rollcall/messaging/envelope'
import { createKafka, type KafkaClients } from '@rollcall/messaging/kafka'
import { connectProducer } from '@rollcall/messaging/producer'
import { applyTopics } from '@rollcall/messaging/topics'
import { appendToOutbox } from '@rollcall/outbox/append'
import { up } from '@rollcall/outbox/migration'
import { startRelay } from '@rollcall/outbox/relay'
import type { OutboxTables } from '@rollcall/outbox/tables'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry } from '@rollcall/runtime/metrics'
import { sql } from 'kysely'
import { type BenchDatabase, createBenchDatabase } from './database.ts'
import { benchEngines } from './engines.ts'
import { type BenchRow, row } from './row.ts'

const MESSAGES = 60_000
const BATCH = 500
const ROUNDS = 3
const log = createLogger({ service: 'bench', level: 'warn' })

/** Messages per second out of a full outbox into Kafka, beside the same messages from memory by kafkajs alone. */
export async function run(): Promise<BenchRow[]> {
  const { kafka: broker } = await benchEngines()
  const kafka = createKafka({ brokers: [broker], clientId: 'bench', log })
  await applyTopics({ kafka, log }, topicConfigs([RegistrationConfirmed]))
  const database = await createBenchDatabase<OutboxTables>('relay', { '20261121T000000Z-outbox': { up } })
  const messages = Array.from({ length: MESSAGES }, newMessage)
  try {
    const rates = { relay: [] as number[], bare: [] as number[] }
    // The first round warms up both, and the two take turns, so that neither profits from the machine's mood.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bare = await produceBare(kafka, messages)
      const relay = await relayAll({ kafka, database }, messages)
      if (round === 0) continue
      rates.bare.push(bare)
      rates.relay.push(relay)
    }
    const measured = { value: median(rates.relay), baseline: median(rates.bare) }
    return [row({ name: 'relay: outbox to Kafka (bare kafkajs)', unit: '1/s', ...measured })]
  } finally {
    await database.close()
  }
}

function newMessage(): OutgoingMessage {
  const data = { registrationId: randomUUID(), eventId: randomUUID(), attendeeId: randomUUID() }
  return message(RegistrationConfirmed, { data, sequence: 1, at: new Date() })
}

async function produceBare(kafka: KafkaClients, messages: OutgoingMessage[]): Promise<number> {
  const { producer } = kafka.producer()
  await producer.connect()
  const wire = messages.map((it) => encode({ ...it, data: JSON.stringify(it.data) }))
  const began = performance.now()
  for (let start = 0; start < wire.length; start += BATCH) {
    const batch = wire.slice(start, start + BATCH)
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic: RegistrationConfirmed.topic, messages: batch }] })
  }
  const seconds = (performance.now() - began) / 1000
  await producer.disconnect()
  return messages.length / seconds
}

interface Relayed {
  kafka: KafkaClients
  database: BenchDatabase<OutboxTables>
}

async function relayAll({ kafka, database: { db, url } }: Relayed, messages: OutgoingMessage[]): Promise<number> {
  for (let start = 0; start < messages.length; start += 1000) {
    const some = messages.slice(start, start + 1000)
    await db.transaction().execute((tx) => appendToOutbox(tx, ...some))
  }
  await sql`vacuum analyze outbox`.execute(db)
  const producer = await connectProducer({ kafka, log })
  let left = messages.length
  const emptied = Promise.withResolvers<void>()
  const checkpoint = async (name: string) => {
    if (name !== 'relay-after-delete') return
    left -= BATCH
    if (left <= 0) emptied.resolve()
  }
  const began = performance.now()
  const registry = createRegistry('bench')
  const relay = startRelay({ db, databaseUrl: url, producer, log, registry, checkpoint, batchSize: BATCH })
  await emptied.promise
  const seconds = (performance.now() - began) / 1000
  await relay.stop()
  await producer.disconnect()
  return messages.length / seconds
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
