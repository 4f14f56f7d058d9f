import { createKafka, type KafkaClients } from '@rollcall/messaging/kafka'
import { connectProducer, type KafkaProducer } from '@rollcall/messaging/producer'
import { startOutboxCleanUp } from '@rollcall/outbox/clean-up'
import { startRelay } from '@rollcall/outbox/relay'
import type { OutboxTables } from '@rollcall/outbox/tables'
import type { SharedSettings } from '@rollcall/runtime/config'
import { createReadiness, type Readiness, startHealthServer } from '@rollcall/runtime/health'
import type { Lifecycle } from '@rollcall/runtime/lifecycle'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import { sql } from 'kysely'
import { openStore, type Store } from './store.ts'

export interface FoundationConfig extends Pick<SharedSettings, 'http' | 'database' | 'kafka' | 'checkpointKill'> {
  /** Pause of the relay after an empty poll while messages come, in milliseconds. Default: as the relay says. */
  outboxPollMs?: number
}

/** What every service stands on, whatever it does. */
export interface Foundation<Tables extends OutboxTables> extends Store<Tables> {
  kafka: KafkaClients
  readiness: Readiness
  /** Of consumer groups that don't say otherwise, in milliseconds. */
  sessionTimeoutMs: number
  /** A producer of its own; waits for Kafka. */
  connectProducer(): Promise<KafkaProducer>
  /** Says that the service can't go on. */
  fail: Lifecycle['fail']
  /** From here on the service may get traffic. */
  started(): void
}

/**
 * Opens a service up to where it begins to differ from others: health on the inner port, database, Kafka, and the relay
 * of its outbox. Engines that are away are waited for. `/readyz` answers 503 until `started`, and again as soon as the
 * service begins to end: a balancer sends nobody to a service that drains.
 */
export async function openFoundation<Tables extends OutboxTables>(
  config: FoundationConfig,
  process: ServiceProcess,
): Promise<Foundation<Tables>> {
  const { name, log, lifecycle } = process
  const { own, fail, closing } = lifecycle
  const readiness = createReadiness()
  readiness.check('running', () => {
    if (closing.aborted) throw new Error('the service is stopping')
  })
  const gate = readiness.gate('start')
  const store = openStore<Tables>(config, process)
  const { db, registry, checkpoint } = store
  own(await startHealthServer({ port: config.http.innerPort, readiness, registry, log }), (it) => it.close())

  const askDatabase = () => sql`select 1`.execute(db)
  readiness.check('postgres', askDatabase)
  await waitFor('PostgreSQL', askDatabase, { log, signal: closing })

  const { sessionTimeoutMs, ...cluster } = config.kafka
  const kafka = createKafka({ ...cluster, clientId: name, log })
  const connect = async () =>
    own(await waitFor('Kafka', () => connectProducer({ kafka, log }), { log, signal: closing }), (it) =>
      it.disconnect(),
    )
  const outbox = { db, databaseUrl: config.database.url, producer: await connect(), log, registry, checkpoint }
  const pace = config.outboxPollMs === undefined ? {} : { pollBusyMs: config.outboxPollMs }
  const relay = own(startRelay({ ...outbox, ...pace }), (it) => it.stop())
  store.wake.attach(relay)
  own(startOutboxCleanUp({ db, log }), (it) => it.stop())
  return { ...store, kafka, readiness, sessionTimeoutMs, connectProducer: connect, fail, started: gate.open }
}
