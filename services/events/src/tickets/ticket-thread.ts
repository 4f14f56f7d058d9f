import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { createRedis } from '@rollcall/jobs/redis'
import { startWorker } from '@rollcall/jobs/worker'
import { systemClock as clock, seconds } from '@rollcall/runtime/clock'
import { createLifecycle } from '@rollcall/runtime/lifecycle'
import { createLogger } from '@rollcall/runtime/logger'
import { startTelemetry } from '@rollcall/runtime/telemetry'
import { answerForMetrics } from '@rollcall/runtime/thread-metrics'
import { openStore } from '@rollcall/service/store'
import { createObjectStorage } from '@rollcall/storage/objects'
import type { EventsDatabase } from '../database/tables.ts'
import { openTicketCodes } from '../registrations/ticket-keys.ts'
import { issueTicket } from './issue-ticket.ts'
import { ticketJobs, ticketQueue } from './jobs.ts'
import type { TicketThreadConfig } from './start-ticket-thread.ts'
import { letRequestsGoFirst } from './turns.ts'

/**
 * Answering requests comes first, by about ten to one on a busy core; the lowest priority would starve connections until
 * they time out. Linux gives each thread a priority of its own.
 */
const NICENESS = 10

const config = workerData as TicketThreadConfig
setPriority(NICENESS)

const log = createLogger({ service: 'events', level: config.logLevel })
const lifecycle = createLifecycle(log)
const { own } = lifecycle
own(startTelemetry({ service: 'events', environment: process.env }), (it) => it.shutdown())
const database = { url: config.database.url, maxConnections: config.tickets.concurrency }
const storeConfig = { database, checkpointKill: config.checkpointKill, connectTimeoutMs: seconds(20) }
const store = openStore<EventsDatabase>(storeConfig, { name: 'events-tickets', log, lifecycle, clock })
const { signingKey: firstKey, encryptionKey } = config.tickets
const codes = await openTicketCodes({ db: store.db, clock, log, firstKey, encryptionKey })
const ticketCodes = own(codes, (it) => it.stop())
const deps = {
  ...store,
  storage: createObjectStorage(config.storage),
  ticketCodes,
  publicUrl: config.publicUrl,
  notificationsKey: config.notificationsKey,
}
const connection = own(createRedis({ ...config.redis, role: 'worker' }), (it) => it.disconnect())
const worker = await startWorker({
  connection,
  queue: ticketQueue,
  jobs: ticketJobs,
  handlers: {
    async 'issue-ticket'({ registrationId }, { addedAt }) {
      await letRequestsGoFirst(config.turns, addedAt)
      await issueTicket(deps, registrationId)
    },
  },
  concurrency: config.tickets.concurrency,
  log,
})
own(worker, (it) => it.close())

if (parentPort) answerForMetrics(store.registry, parentPort)
parentPort?.on('message', async (message: unknown) => {
  if (message !== 'stop') return
  await lifecycle.close()
  // What listens to it keeps the thread alive.
  parentPort?.close()
})
parentPort?.postMessage('ready')
