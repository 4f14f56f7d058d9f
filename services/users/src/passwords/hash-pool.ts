import { DomainError } from '@rollcall/http/errors'
import { Gauge, type Registry } from '@rollcall/runtime/metrics'
import { getRounds } from 'bcrypt'
import { Piscina } from 'piscina'
import type { HashTask } from './hash-worker.ts'
import { decodeHash, encodeHash, prehash } from './password-hash.ts'

export interface PasswordHasher {
  /** @throws {DomainError} `Busy` when too many are waiting. */
  hash(password: string): Promise<string>
  /** Takes as long where nothing is stored, as there is no account or no password yet, as where something is. */
  matches(password: string, stored: string | null | undefined): Promise<boolean>
  /** Before other work: @throws {DomainError} `Busy` when a hash would be refused now. */
  requireRoom(): void
  /** Whether it was made with less work than today, or by another system. */
  isOutdated(stored: string): boolean
  close(): Promise<void>
}

export interface HashPoolOptions {
  pepper: string
  /** bcrypt's cost: the work doubles with each step. */
  cost: number
  workers: number
  /** Hashes that may wait; beyond it people are asked to come back, since the wait only grows. */
  queueLimit: number
  registry?: Registry
}

/** The lowest priority: hashing fills whatever the answering of requests leaves. */
const NICEST = 19

/**
 * bcrypt in worker threads of its own: on libuv's pool it would starve the verification of tokens.
 */
export async function createHashPool({
  pepper,
  cost,
  workers,
  queueLimit,
  registry,
}: HashPoolOptions): Promise<PasswordHasher> {
  const pool = new Piscina<HashTask, string | boolean>({
    filename: new URL('./hash-worker.ts', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    maxQueue: queueLimit,
    niceIncrement: NICEST,
    concurrentTasksPerWorker: 1,
  })
  if (registry) observeQueue(pool, registry)
  const requireRoom = () => {
    if (pool.queueSize >= queueLimit) throw busy()
  }
  const run = async <Result extends string | boolean>(task: HashTask) => {
    requireRoom()
    return (await pool.run(task)) as Result
  }
  const hash = async (password: string) =>
    encodeHash(await run<string>({ kind: 'hash', input: prehash(password, pepper), cost }))
  // Compared with when there is no account: made by the same work as a real one.
  const nobody = await hash(crypto.randomUUID())
  return {
    hash,
    requireRoom,
    async matches(password, stored) {
      const { bcryptHash, prehashed } = decodeHash(stored ?? nobody)
      const input = prehashed ? prehash(password, pepper) : password
      const equal = await run<boolean>({ kind: 'compare', input, bcryptHash, cost })
      return equal && stored !== undefined && stored !== null
    },
    isOutdated(stored) {
      const { bcryptHash, prehashed } = decodeHash(stored)
      return !prehashed || getRounds(bcryptHash) < cost
    },
    close: () => pool.close(),
  }
}

function busy() {
  return new DomainError('Busy', 'too many people are signing in right now', { headers: { 'retry-after': '2' } })
}

function observeQueue(pool: Piscina, registry: Registry) {
  new Gauge({
    name: 'password_hash_queue',
    help: 'Hashes that wait for a worker',
    registers: [registry],
    collect() {
      this.set(pool.queueSize)
    },
  })
}
