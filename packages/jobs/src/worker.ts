import type { Logger } from '@rollcall/runtime/logger'
import { SpanKind, withSpan } from '@rollcall/runtime/trace'
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { JobCatalogue, JobData, JobName } from './catalogue.ts'
import { Payload } from './payload.ts'
import { requireNoEviction } from './redis.ts'

export interface RunningJob {
  id: string
  /** 1 at the first run; runs that ended in "not yet" or with their worker's death are not counted. */
  attempt: number
  /** When it was put into the queue, in milliseconds since the epoch. */
  addedAt: number
}

/** "Not yet": the job is run again after so many milliseconds, without spending an attempt. */
export interface NotYet {
  again: number
}

/** One handler for every job of the catalogue: a missing one does not compile. */
export type JobHandlers<Jobs extends JobCatalogue> = {
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that has nothing to say returns nothing.
  [Name in JobName<Jobs>]: (data: JobData<Jobs, Name>, job: RunningJob) => Promise<NotYet | void>
}

export interface WorkerOptions<Jobs extends JobCatalogue> {
  /** Of the role `worker`. */
  connection: Redis
  /** The queue's name. */
  queue: string
  jobs: Jobs
  handlers: JobHandlers<Jobs>
  /** Jobs at once in this process. */
  concurrency: number
  log: Logger
  /** Hears how many milliseconds a job that is run for the first time has been due; later runs wait on purpose. */
  waited?: (milliseconds: number) => void
}

export interface RunningWorker {
  /** Takes no more jobs and waits for those in hand. */
  close(): Promise<void>
}

/**
 * Runs the jobs of a queue. A job whose worker has died is run again within 22 s, up to 20 times.
 *
 * @throws {EvictionAllowed} when Redis may throw jobs away
 */
export async function startWorker<Jobs extends JobCatalogue>(options: WorkerOptions<Jobs>): Promise<RunningWorker> {
  const { connection, queue, concurrency, log } = options
  await requireNoEviction(connection)
  const worker = new Worker<Payload>(queue, (job, token) => runJob(options, job, token), {
    connection,
    concurrency,
    lockDuration: 15_000,
    stalledInterval: 7000,
    // The default of 1 fails a job for good when its second worker dies.
    maxStalledCount: 20,
  })
  worker.on('error', (error) => log.warn({ err: error, queue }, 'trouble with the queue'))
  worker.on('failed', (job, error) =>
    log.warn({ err: error, queue, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade }, 'a job failed'),
  )
  worker.on('stalled', (jobId) => log.warn({ queue, jobId }, 'a job is run again: its worker gave no sign of life'))
  await worker.waitUntilReady()
  return { close: () => worker.close() }
}

async function runJob<Jobs extends JobCatalogue>(options: WorkerOptions<Jobs>, job: Job<Payload>, token?: string) {
  const { jobs, handlers, queue } = options
  const { attemptsStarted, timestamp, opts } = job
  if (attemptsStarted === 1) options.waited?.(Date.now() - timestamp - (opts.delay ?? 0))
  const declared = jobs[job.name]
  // Every name of the catalogue has a handler; its data has just been parsed with the schema that types it.
  const handler = handlers[job.name] as ((data: unknown, job: RunningJob) => Promise<NotYet | undefined>) | undefined
  if (!declared || !handler) throw new UnrecoverableError(`no job named ${job.name} is declared`)
  const { data, traceparent } = parse(Payload, job.data)
  const valid = parse(declared.data, data)
  const attributes = { 'messaging.system': 'bullmq', 'messaging.destination.name': queue }

  const outcome = await withSpan(`job ${job.name}`, { kind: SpanKind.CONSUMER, parent: traceparent, attributes }, () =>
    handler(valid, { id: job.id ?? '', attempt: job.attemptsMade + 1, addedAt: job.timestamp }),
  )
  if (outcome) {
    await job.moveToDelayed(Date.now() + outcome.again, token)
    throw new DelayedError()
  }
}

/** What doesn't fit now will not fit at the next attempt. */
function parse<Parsed>(
  schema: { safeParse(value: unknown): { success: boolean; data?: Parsed } },
  value: unknown,
): Parsed {
  const { success, data } = schema.safeParse(value)
  if (!success) throw new UnrecoverableError('the data of the job does not fit its declaration')
  return data as Parsed
}
