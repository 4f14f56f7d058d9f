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
import type { OpenBench, Window } from '../measuring/bench.ts'
import { type BenchDatabase, createBenchDatabase } from '../stage/database.ts'
import { benchEngines } from '../stage/engines.ts'

const MESSAGES = 40_000
const BATCH = 500
const log = createLogger({ service: 'bench', level: 'warn' })

/** Messages out of a full outbox into Kafka, beside the same messages from memory. */
export async function openRelay(): Promise<OpenBench> {
  const { kafka: broker } = await benchEngines()
  const kafka = createKafka({ brokers: [broker], clientId: 'bench', log })
  await applyTopics({ kafka, log }, topicConfigs([RegistrationConfirmed]))
  const database = await createBenchDatabase<OutboxTables>('relay', { '20261121T000000Z-outbox': { up } })
  const messages = Array.from({ length: MESSAGES }, newMessage)
  await fill(database, messages)
  return {
    unit: 'message',
    subject: {
      what: 'outbox to Kafka',
      run: () => relayAll({ kafka, database }, messages.length),
      settle: () => fill(database, messages),
    },
    baseline: { what: 'kafkajs alone', run: () => produceBare(kafka, messages) },
    aims: [{ figure: 'ratio', atLeast: 0.8 }],
    services: {},
    close: () => database.close(),
  }
}

function newMessage(): OutgoingMessage {
  const data = { registrationId: randomUUID(), eventId: randomUUID(), attendeeId: randomUUID() }
  return message(RegistrationConfirmed, { data, sequence: 1, at: new Date() })
}

async function fill({ db }: BenchDatabase<OutboxTables>, messages: OutgoingMessage[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 1000) {
    const some = messages.slice(start, start + 1000)
    await db.transaction().execute((tx) => appendToOutbox(tx, ...some))
  }
  await sql`vacuum analyze outbox`.execute(db)
}

async function produceBare(kafka: KafkaClients, messages: OutgoingMessage[]): Promise<Window> {
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
  return { units: messages.length, seconds }
}

interface Relayed {
  kafka: KafkaClients
  database: BenchDatabase<OutboxTables>
}

async function relayAll({ kafka, database: { db, url } }: Relayed, units: number): Promise<Window> {
  const producer = await connectProducer({ kafka, log })
  let left = units
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
  return { units, seconds }
}
