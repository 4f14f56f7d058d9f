import { Gauge, Histogram, type Registry } from '@rollcall/runtime/metrics'
import { getRounds } from 'bcrypt'
import { Piscina } from 'piscina'
import type { HashDone, HashTask } from './hash-worker.ts'
import { decodeHash, encodeHash, prehash } from './password-hash.ts'
import { createPlaces } from './places.ts'

interface Hashing {
  hash(password: string): Promise<string>
  /** Takes as long where nothing is stored, as there is no account or no password yet, as where something is. */
  matches(password: string, stored: string | null | undefined): Promise<boolean>
}

/** Each of its functions: @throws {DomainError} `Busy` when too many are waiting. */
export interface PasswordHasher extends Hashing {
  /**
   * Takes a place among those who wait before any other work is done, so that whoever is refused costs nothing: of a
   * burst all would find a place when they come and most of them none when they hash.
   */
  withPlace<Result>(work: (hashing: Hashing) => Promise<Result>): Promise<Result>
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
  const pool = new Piscina<HashTask, HashDone>({
    filename: new URL('./hash-worker.ts', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    niceIncrement: NICEST,
    concurrentTasksPerWorker: 1,
  })
  const note = registry ? observe(pool, registry) : () => {}
  const run = async <Result extends string | boolean>(task: HashTask) => {
    const { result, seconds } = await pool.run(task)
    note(task.kind, seconds)
    return result as Result
  }
  const hashing: Hashing = {
    hash: async (password) => encodeHash(await run<string>({ kind: 'hash', input: prehash(password, pepper), cost })),
    async matches(password, stored) {
      const { bcryptHash, prehashed } = decodeHash(stored ?? nobody)
      const input = prehashed ? prehash(password, pepper) : password
      const equal = await run<boolean>({ kind: 'compare', input, bcryptHash, cost })
      return equal && stored !== undefined && stored !== null
    },
  }
  // Compared with when there is no account: made by the same work as a real one.
  const nobody = await hashing.hash(crypto.randomUUID())
  const places = createPlaces(workers + queueLimit)
  const withPlace: PasswordHasher['withPlace'] = (work) => places.use(() => work(hashing))
  return {
    withPlace,
    hash: (password) => withPlace(({ hash }) => hash(password)),
    matches: (password, stored) => withPlace(({ matches }) => matches(password, stored)),
    isOutdated(stored) {
      const { bcryptHash, prehashed } = decodeHash(stored)
      return !prehashed || getRounds(bcryptHash) < cost
    },
    close: () => pool.close(),
  }
}

/** How many wait, and how long each takes: from an idle machine's quarter of a second at cost 12 to what a busy one needs. */
function observe(pool: Piscina, registry: Registry): (kind: HashTask['kind'], seconds: number) => void {
  new Gauge({
    name: 'password_hash_queue',
    help: 'Hashes that wait for a worker',
    registers: [registry],
    collect() {
      this.set(pool.queueSize)
    },
  })
  const duration = new Histogram({
    name: 'password_hash_seconds',
    help: 'Time that a worker takes to make or compare a hash, without the wait for it',
    labelNames: ['kind'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5],
    registers: [registry],
  })
  return (kind, seconds) => duration.observe({ kind }, seconds)
}
