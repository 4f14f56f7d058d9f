import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaProducer } from '@rollcall/messaging/producer'
import { type Checkpoint, noCheckpoint } from '@rollcall/runtime/checkpoint'
import type { Logger } from '@rollcall/runtime/logger'
import type { NoteStage, Registry } from '@rollcall/runtime/metrics'
import type { Kysely } from 'kysely'
import { createDoorbell, type Doorbell } from './doorbell.ts'
import { createLease, type Lease } from './lease.ts'
import { listenOn } from './listen.ts'
import { type OutboxStage, registerOutboxMetrics, registerOutboxStages } from './metrics.ts'
import { type BatchRow, deleteSent, park, readBatch } from './queries.ts'
import { type Refused, sendRows } from './send.ts'
import type { OutboxTables } from './tables.ts'
import { wakeChannel } from './wake.ts'

export interface RelayOptions<DB extends OutboxTables = OutboxTables> {
  db: Kysely<DB>
  /** For the one connection that listens for wake-ups. */
  databaseUrl: string
  /** For the relay alone, which cuts it off when its lease ends. */
  producer: KafkaProducer
  log: Logger
  registry: Registry
  /** Passes `relay-after-read`, `relay-after-ack` and `relay-after-delete`. */
  checkpoint?: Checkpoint
  /** How long others wait after this process has died, in milliseconds. Default: 5 000. */
  leaseMs?: number
  /** Pause after an empty poll while messages have come within the last second, in milliseconds. Default: 20. */
  pollBusyMs?: number
  /** Pause after an empty poll otherwise, in milliseconds: for what nobody was woken for. Default: 1 000. */
  pollIdleMs?: number
  /** Rows per request to Kafka. Default: 500. */
  batchSize?: number
}

export interface Relay {
  /** Makes it look at once, if it is the active relay; false: it is not, and the one that is has to be told. */
  ring(): boolean
  /** Finishes the batch in hand and lets another relay take over at once. */
  stop(): Promise<void>
}

const BUSY_MS = 1000
const LONGEST_BACKOFF_MS = 2000
const STOP_PATIENCE_MS = 5000

/**
 * Publishes what transactions have left in the outbox: per key in commit order, at least once. A row goes only after
 * Kafka has acknowledged it. Of several relays on one database one is active; the others stand by.
 */
export function startRelay<DB extends OutboxTables>(options: RelayOptions<DB>): Relay {
  const { databaseUrl, producer, log, registry, leaseMs = 5000 } = options
  // Kysely<T> is invariant in T; the constraint above already proves that the tables exist.
  const db = options.db as unknown as Kysely<OutboxTables>
  const doorbell = createDoorbell()
  const lease = createLease({ db, leaseMs, log, lost: () => producer.discard() })
  const wakes = listenOn({ databaseUrl, channel: wakeChannel, log, notified: doorbell.ring })
  registerOutboxMetrics({ db, registry, log })
  const note = registerOutboxStages(registry)
  const stopping = new AbortController()
  const standbyMs = Math.min(leaseMs / 5, 500)
  const running = run({ ...options, db, doorbell, lease, note, standbyMs }, stopping.signal)
  return {
    ring() {
      if (stopping.signal.aborted || !lease.isHeld()) return false
      doorbell.ring()
      return true
    },
    async stop() {
      stopping.abort()
      doorbell.ring()
      // A broker that doesn't answer must not hold up the end of the process: the rows are still in the outbox.
      const patience = setTimeout(() => producer.discard(), STOP_PATIENCE_MS)
      await running
      clearTimeout(patience)
      await wakes.stop()
      await lease.release().catch((error: unknown) => log.info({ err: error }, 'the lease ends by itself'))
    },
  }
}

interface Running extends RelayOptions {
  doorbell: Doorbell
  lease: Lease
  note: NoteStage<OutboxStage>
  standbyMs: number
}

async function run(relay: Running, stopping: AbortSignal): Promise<void> {
  const { lease, doorbell, log, standbyMs, pollBusyMs = 20, pollIdleMs = 1000 } = relay
  let busyUntil = 0
  let failures = 0
  while (!stopping.aborted) {
    try {
      if (!lease.isHeld() && !(await lease.hold())) {
        // Wake-ups are for the active relay; answering them here would only crowd the lease's row.
        await sleep(standbyMs, undefined, { signal: stopping }).catch(() => {})
        continue
      }
      if ((await drain(relay, stopping)) > 0) busyUntil = performance.now() + BUSY_MS
      failures = 0
      await doorbell.wait(performance.now() < busyUntil ? pollBusyMs : pollIdleMs)
    } catch (error) {
      failures += 1
      log.warn({ err: error, failures }, 'the relay could not publish; it tries again')
      await doorbell.wait(Math.min(50 * 2 ** failures, LONGEST_BACKOFF_MS))
    }
  }
}

/** Publishes until nothing is left; gives the number of rows. */
async function drain(relay: Running, stopping: AbortSignal): Promise<number> {
  const { lease, checkpoint = noCheckpoint, batchSize = 500 } = relay
  let published = 0
  let acknowledged = { positions: [] as number[], gone: Promise.resolve() }
  try {
    let batch = await read(relay, [])
    while (batch.rows.length > 0 && lease.isHeld()) {
      await checkpoint('relay-after-read')
      const { rows } = batch
      const positions = rows.map(({ position }) => position)
      // While Kafka works on a full batch, the one before is deleted and the one behind is read.
      const ahead = rows.length === batchSize && !stopping.aborted
      const inFlight = [...acknowledged.positions, ...positions]
      const [refused, next] = await Promise.all([
        send(relay, batch),
        ahead ? read(relay, inFlight) : { rows: [], readAt: 0 },
      ])
      await checkpoint('relay-after-ack')
      await acknowledged.gone
      acknowledged = { positions, gone: remove(relay, { rows, refused }) }
      // It is awaited one round later; until then nobody listens for its failure.
      acknowledged.gone.catch(() => {})
      published += rows.length
      batch = next
    }
  } finally {
    // Read again while they are being deleted, the rows would be sent twice.
    await acknowledged.gone
  }
  return published
}

interface Batch {
  rows: BatchRow[]
  /** By `performance.now()`. */
  readAt: number
}

async function read({ db, note, batchSize = 500 }: Running, inFlight: number[]): Promise<Batch> {
  const rows = await readBatch(db, { limit: batchSize, inFlight })
  for (const { waitedMs } of rows) note('read', waitedMs)
  return { rows, readAt: performance.now() }
}

async function send({ producer, lease, note }: Running, { rows, readAt }: Batch): Promise<Refused[]> {
  const refused = await sendRows({ producer, mayGoOn: lease.isHeld }, rows)
  const took = performance.now() - readAt
  for (let row = refused.length; row < rows.length; row += 1) note('acknowledged', took)
  return refused
}

/** Deletes what Kafka has, and moves away what it will never take. */
async function remove(relay: Running, { rows, refused }: { rows: BatchRow[]; refused: Refused[] }): Promise<void> {
  const { db, lease, log, checkpoint = noCheckpoint } = relay
  const { owner } = lease
  const refusedRows = new Set(refused.map(({ row }) => row))
  const positions = rows.filter((row) => !refusedRows.has(row)).map(({ position }) => position)
  const deleted = await deleteSent(db, { owner, positions })
  if (!deleted && positions.length > 0) throw new Error('another relay has the lease; it sends these messages again')
  for (const { row, reason } of refused) {
    await park(db, { owner, position: row.position, reason })
    log.error({ topic: row.topic, key: row.key, messageId: row.id, reason }, 'a message was refused and is parked')
  }
  await checkpoint('relay-after-delete')
}
