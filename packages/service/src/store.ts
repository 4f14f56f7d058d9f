import { createDatabase } from '@rollcall/database/connect'
import type { OutboxTables } from '@rollcall/outbox/tables'
import { createTransact, type Transact } from '@rollcall/outbox/transact'
import { createOutboxWake, type OutboxWake } from '@rollcall/outbox/wake'
import { type Checkpoint, killAt } from '@rollcall/runtime/checkpoint'
import type { Clock } from '@rollcall/runtime/clock'
import type { SharedSettings } from '@rollcall/runtime/config'
import type { Lifecycle } from '@rollcall/runtime/lifecycle'
import type { Logger } from '@rollcall/runtime/logger'
import { createRegistry, type Registry } from '@rollcall/runtime/metrics'
import type { ServiceProcess } from '@rollcall/runtime/service'
import type { Kysely } from 'kysely'

export interface StoreConfig extends Pick<SharedSettings, 'database' | 'checkpointKill'> {
  /** Milliseconds that work waits for a connection. Default: as the database package says. */
  connectTimeoutMs?: number
}

/** What every thread of a service stands on: its database, transactions that tell of themselves, time and metrics. */
export interface Store<Tables extends OutboxTables> {
  name: string
  log: Logger
  clock: Clock
  own: Lifecycle['own']
  registry: Registry
  checkpoint: Checkpoint
  db: Kysely<Tables>
  transact: Transact<Tables>
  wake: OutboxWake
}

/** Opens no connection yet: the first query does. */
export function openStore<Tables extends OutboxTables>(
  { database, checkpointKill, ...patience }: StoreConfig,
  { name, log, clock, lifecycle: { own } }: ServiceProcess,
): Store<Tables> {
  const registry = createRegistry(name)
  const db = own(createDatabase<Tables>({ ...database, ...patience, applicationName: name }), (it) => it.destroy())
  const wake = own(createOutboxWake({ databaseUrl: database.url, log }), (it) => it.stop())
  const transact = createTransact(db, wake)
  return { name, log, clock, own, registry, checkpoint: killAt(checkpointKill), db, transact, wake }
}
