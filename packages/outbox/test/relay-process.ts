/** A relay as a process of its own, for tests that kill or freeze it. Takes its settings as JSON in the first argument. */

import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { argv } from 'node:process'
import { createDatabase } from '@rollcall/database/connect'
import { createKafka } from '@rollcall/messaging/kafka'
import { connectProducer } from '@rollcall/messaging/producer'
import { killAt } from '@rollcall/runtime/checkpoint'
import { createLogger } from '@rollcall/runtime/logger'
import { createRegistry } from '@rollcall/runtime/metrics'
import { z } from 'zod'
import { startRelay } from '../src/relay.ts'
import type { OutboxTables } from '../src/tables.ts'

const Settings = z.object({
  databaseUrl: z.string(),
  broker: z.string(),
  leaseMs: z.number(),
  batchSize: z.number().optional(),
  killAt: z.string().optional(),
  /** Connections to the broker go to this port instead. */
  proxyPort: z.number().optional(),
})
export type RelaySettings = z.infer<typeof Settings>

const settings = Settings.parse(JSON.parse(argv[2] ?? ''))
if (settings.proxyPort) routeThroughProxy(settings.broker, settings.proxyPort)

const log = createLogger({ service: 'relay', level: 'info' })
const db = createDatabase<OutboxTables>({ url: settings.databaseUrl, maxConnections: 4, applicationName: 'relay' })
const kafka = createKafka({ brokers: [settings.broker], clientId: 'relay', log })
startRelay({
  db,
  databaseUrl: settings.databaseUrl,
  producer: await connectProducer({ kafka, log }),
  log,
  registry: createRegistry('relay'),
  checkpoint: killAt(settings.killAt),
  leaseMs: settings.leaseMs,
  batchSize: settings.batchSize ?? 500,
})
log.info('relay started')

/** A client goes to the address that the broker advertises, whatever it was given: the detour has to be below it. */
function routeThroughProxy(broker: string, proxyPort: number) {
  const brokerPort = Number(broker.split(':')[1])
  const connect = net.connect
  net.connect = ((options: net.TcpNetConnectOpts, listener?: () => void) =>
    connect(options.port === brokerPort ? { ...options, port: proxyPort } : options, listener)) as typeof net.connect
  syncBuiltinESMExports()
}
