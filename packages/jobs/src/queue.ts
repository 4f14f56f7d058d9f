import { EngineAway } from '@rollcall/runtime/engine-away'
import { currentTraceparent } from '@rollcall/runtime/trace'
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { JobCatalogue, JobData, JobName } from './catalogue.ts'
import type { Payload } from './payload.ts'
import { requireConnection } from './redis.ts'

export interface AddOptions {
  /**
   * The same id is added once as long as its job is kept, done or not; BullMQ ignores it silently after that. To run
   * something again, change the id.
   */
  jobId: string
  /** Milliseconds until it is due. Default: 0. */
  delayMs?: number
  /** The trace to continue. Default: that of the work in hand. */
  traceparent?: string | undefined
}

export interface JobQueue<Jobs extends JobCatalogue> {
  /** @throws {EngineAway} within two seconds when Redis is away, or full */
  add<Name extends JobName<Jobs>>(name: Name, data: JobData<Jobs, Name>, options: AddOptions): Promise<void>
  /** All of them in one round trip. */
  addMany<Name extends JobName<Jobs>>(jobs: readonly NewJob<Jobs, Name>[]): Promise<void>
  /** For dashboards. */
  readonly queue: Queue<Payload>
  close(): Promise<void>
}

export interface NewJob<Jobs extends JobCatalogue, Name extends JobName<Jobs>> extends AddOptions {
  name: Name
  data: JobData<Jobs, Name>
}

export interface QueueOptions<Jobs extends JobCatalogue> {
  /** Of the role `producer`. */
  connection: Redis
  name: string
  jobs: Jobs
}

/** Bounded, so that Redis doesn't grow with the history; the ledger in the database is the record. */
const KEEP_DONE = { count: 1000, age: 3600 }
const KEEP_FAILED = { count: 5000, age: 7 * 24 * 3600 }

export function createQueue<Jobs extends JobCatalogue>({ connection, name, jobs }: QueueOptions<Jobs>): JobQueue<Jobs> {
  const queue = new Queue<Payload>(name, {
    connection,
    // BullMQ asks for the version once; were the connection lost just then, this queue would stay unusable for ever.
    skipVersionCheck: true,
    defaultJobOptions: { removeOnComplete: KEEP_DONE, removeOnFail: KEEP_FAILED },
  })
  queue.on('error', () => {})

  function toBulk<Name extends JobName<Jobs>>(job: NewJob<Jobs, Name>) {
    const { data: schema, options = {} } = jobs[job.name] ?? unknownJob(job.name)
    const traceparent = job.traceparent ?? currentTraceparent()
    const data: Payload = { data: schema.parse(job.data), ...(traceparent ? { traceparent } : {}) }
    const opts: JobsOptions = { ...options, jobId: checkJobId(job.jobId), delay: job.delayMs ?? 0 }
    return { name: job.name, data, opts }
  }

  return {
    queue,
    async add(name, data, options) {
      const job = toBulk({ name, data, ...options })
      await requireConnection(connection)
      await orAway(queue.add(job.name, job.data, job.opts))
    },
    async addMany(newJobs) {
      if (newJobs.length === 0) return
      const bulk = newJobs.map(toBulk)
      await requireConnection(connection)
      await orAway(queue.addBulk(bulk))
    },
    close: () => queue.close(),
  }
}

/** What Redis refuses of a job that fits its declaration, it refuses for now: it is full, loading, or gone. */
async function orAway<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (cause) {
    throw new EngineAway('Redis', { cause })
  }
}

function unknownJob(name: string): never {
  throw new TypeError(`no job named ${name} is declared`)
}

/** BullMQ builds keys with colons, and takes an integer for an id of its own. */
function checkJobId(jobId: string): string {
  if (jobId === '' || jobId.includes(':') || /^\d+$/.test(jobId))
    throw new TypeError(`not usable as a job id: "${jobId}"`)
  return jobId
}
