import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { createDatabase } from '@rollcall/database/connect'
import { createRedis } from '@rollcall/jobs/redis'
import { startWorker } from '@rollcall/jobs/worker'
import { createTransact } from '@rollcall/outbox/transact'
import { createOutboxWake } from '@rollcall/outbox/wake'
import { systemClock as clock, seconds } from '@rollcall/runtime/clock'
import { createLifecycle } from '@rollcall/runtime/lifecycle'
import { createLogger } from '@rollcall/runtime/logger'
import { startTelemetry } from '@rollcall/runtime/telemetry'
import { createObjectStorage } from '@rollcall/storage/objects'
import type { EventsDatabase } from '../database/tables.ts'
import { issueTicket } from './issue-ticket.ts'
import { ticketJobs, ticketQueue } from './jobs.ts'
import type { TicketThreadConfig } from './start-ticket-thread.ts'
import { createTicketCodes } from './ticket-code.ts'

/**
 * Answering requests comes first, by about ten to one on a busy core; the lowest priority would starve connections until
 * they time out. Linux gives each thread a priority of its own.
 */
const NICENESS = 10
/** For the work itself, and for the wake-ups of the relay. */
const CONNECTIONS_BESIDE_JOBS = 1

const config = workerData as TicketThreadConfig
setPriority(NICENESS)

const log = createLogger({ service: 'events', level: config.logLevel })
const lifecycle = createLifecycle(log)
const { own } = lifecycle
own(startTelemetry({ service: 'events', environment: process.env }), (it) => it.shutdown())
const maxConnections = config.tickets.concurrency + CONNECTIONS_BESIDE_JOBS
const patience = { connectTimeoutMs: seconds(20) }
const databaseOptions = { url: config.database.url, maxConnections, applicationName: 'events-tickets', ...patience }
const db = own(createDatabase<EventsDatabase>(databaseOptions), (it) => it.destroy())
const wake = own(createOutboxWake({ db, log }), (it) => it.stop())
const deps = {
  db,
  clock,
  transact: createTransact(db, wake),
  storage: createObjectStorage(config.storage),
  ticketCodes: createTicketCodes(config.tickets.signingKey),
}
const connection = own(createRedis({ ...config.redis, role: 'worker' }), (it) => it.disconnect())
const worker = await startWorker({
  connection,
  queue: ticketQueue,
  jobs: ticketJobs,
  handlers: { 'issue-ticket': ({ registrationId }) => issueTicket(deps, registrationId) },
  concurrency: config.tickets.concurrency,
  log,
})
own(worker, (it) => it.close())

parentPort?.once('message', () => lifecycle.close())
parentPort?.postMessage('ready')
