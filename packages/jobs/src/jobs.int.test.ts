import { randomUUID } from 'node:crypto'
import { EngineAway } from '@rollcall/runtime/engine-away'
import { createLogger } from '@rollcall/runtime/logger'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { defineJobs } from './catalogue.ts'
import { createQueue, type JobQueue } from './queue.ts'
import { createRedis, EvictionAllowed, requireNoEviction } from './redis.ts'
import { type JobHandlers, type RunningWorker, startWorker } from './worker.ts'

const jobs = defineJobs({
  'send-mail': {
    data: z.strictObject({ deliveryId: z.uuid() }),
    options: { attempts: 3, backoff: { type: 'fixed', delay: 20 } },
  },
  'make-ticket': { data: z.strictObject({ registrationId: z.uuid() }) },
})
const log = createLogger({ service: 'test', level: 'silent' })
const patient = { timeout: 15_000, interval: 20 }
const nothing = async () => {}

let name: string
let producing: Redis
let working: Redis
let queue: JobQueue<typeof jobs>
let worker: RunningWorker | undefined

beforeEach(() => {
  name = `test-${randomUUID()}`
  const { redis: url } = inject('engines')
  producing = createRedis({ url, role: 'producer' })
  working = createRedis({ url, role: 'worker' })
  queue = createQueue({ connection: producing, name, jobs })
})

afterEach(async () => {
  await worker?.close()
  worker = undefined
  await queue.queue.obliterate({ force: true })
  await queue.close()
  producing.disconnect()
  working.disconnect()
})

async function start(handlers: Partial<JobHandlers<typeof jobs>>) {
  const all = { 'send-mail': nothing, 'make-ticket': nothing, ...handlers }
  worker = await startWorker({ connection: working, queue: name, jobs, handlers: all, concurrency: 5, log })
}

describe('a queue and its worker', () => {
  it('run a job with its data', async () => {
    const seen: unknown[] = []
    await start({
      'send-mail': async (data, job) => {
        seen.push([data, job])
      },
    })
    const deliveryId = randomUUID()
    const before = Date.now()
    await queue.add('send-mail', { deliveryId }, { jobId: `${deliveryId}.1` })
    const job = { id: `${deliveryId}.1`, attempt: 1, addedAt: expect.closeTo(before, -3) }
    await expect.poll(() => seen, patient).toEqual([[{ deliveryId }, job]])
  })

  it('take the same id once, and the next generation again', async () => {
    const seen: string[] = []
    await start({
      'send-mail': async (_, { id }) => {
        seen.push(id)
      },
    })
    const deliveryId = randomUUID()
    const again = ['1', '1', '2'].map((generation) => ({
      name: 'send-mail' as const,
      data: { deliveryId },
      jobId: `${deliveryId}.${generation}`,
    }))
    await queue.addMany(again)
    await queue.addMany(again)
    await expect.poll(() => seen.toSorted(), patient).toEqual([`${deliveryId}.1`, `${deliveryId}.2`])
    await expect.poll(() => queue.queue.getJobCounts('wait', 'active'), patient).toEqual({ wait: 0, active: 0 })
    expect(seen).toHaveLength(2)
  })

  it('run a failed job again, so often as it declares', async () => {
    const attempts: number[] = []
    await start({
      'send-mail': async (_, { attempt }) => {
        attempts.push(attempt)
        throw new Error('the server is busy')
      },
    })
    await queue.add('send-mail', { deliveryId: randomUUID() }, { jobId: randomUUID() })
    await expect.poll(() => queue.queue.getJobCounts('failed'), patient).toEqual({ failed: 1 })
    expect(attempts).toEqual([1, 2, 3])
  })

  it('come back to a job that is not yet due, without spending an attempt', async () => {
    const attempts: number[] = []
    await start({
      'send-mail': async (_, { attempt }) => {
        attempts.push(attempt)
        return attempts.length < 6 ? { again: 10 } : undefined
      },
    })
    await queue.add('send-mail', { deliveryId: randomUUID() }, { jobId: randomUUID() })
    await expect
      .poll(() => queue.queue.getJobCounts('completed', 'failed'), patient)
      .toEqual({ completed: 1, failed: 0 })
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('wait until a delayed job is due', async () => {
    const delays: number[] = []
    const added = Date.now()
    await start({
      'make-ticket': async () => {
        delays.push(Date.now() - added)
      },
    })
    await queue.add('make-ticket', { registrationId: randomUUID() }, { jobId: randomUUID(), delayMs: 300 })
    await expect.poll(() => delays.length, patient).toBe(1)
    expect(delays[0]).toBeGreaterThanOrEqual(290)
  })

  it('refuse ids that BullMQ would misread, and data that the catalogue does not declare', async () => {
    const deliveryId = randomUUID()
    for (const jobId of ['a:b', '17', '']) {
      await expect(queue.add('send-mail', { deliveryId }, { jobId })).rejects.toThrow(TypeError)
    }
    const withAddress = { deliveryId, email: 'ada@example.org' }
    await expect(queue.add('send-mail', withAddress, { jobId: randomUUID() })).rejects.toThrow(z.ZodError)
  })

  it('fail a job at once whose name or data nobody knows', async () => {
    await start({})
    await queue.queue.add('send-mail', { data: { deliveryId: 'no id' } }, { jobId: randomUUID(), attempts: 3 })
    await queue.queue.add('unheard-of', { data: {} }, { jobId: randomUUID(), attempts: 3 })
    await expect.poll(() => queue.queue.getJobCounts('failed'), patient).toEqual({ failed: 2 })
    const failed = await queue.queue.getFailed()
    expect(failed.map(({ attemptsMade }) => attemptsMade)).toEqual([1, 1])
  })

  it('finish the jobs in hand when they close', async () => {
    const gate = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    await start({
      'send-mail': async () => {
        started.resolve()
        await gate.promise
      },
    })
    await queue.add('send-mail', { deliveryId: randomUUID() }, { jobId: randomUUID() })
    await started.promise
    const closing = worker?.close()
    gate.resolve()
    await closing
    expect(await queue.queue.getJobCounts('completed', 'active')).toEqual({ completed: 1, active: 0 })
  })
})

describe('Redis', () => {
  it('is refused while it may evict keys', async () => {
    await expect(requireNoEviction(working)).resolves.toBeUndefined()
    const lenient = { info: async () => 'used_memory:1\r\nmaxmemory_policy:allkeys-lru\r\n' }
    await expect(requireNoEviction(lenient)).rejects.toThrow(EvictionAllowed)
    await expect(requireNoEviction(lenient)).rejects.toThrow(/allkeys-lru.*noeviction/)
  })

  it('that is away makes a producer fail within seconds', async () => {
    const away = createRedis({ url: 'redis://127.0.0.1:1', role: 'producer' })
    const stranded = createQueue({ connection: away, name, jobs })
    const began = performance.now()
    await expect(stranded.add('send-mail', { deliveryId: randomUUID() }, { jobId: randomUUID() })).rejects.toThrow(
      EngineAway,
    )
    expect(performance.now() - began).toBeLessThan(5000)
    away.disconnect()
    await stranded.close()
  })
})
