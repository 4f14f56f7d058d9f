import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, expect, inject, it } from 'vitest'
import { probeJobs } from '../test/probe-jobs.ts'
import { createQueue } from './queue.ts'
import { createRedis } from './redis.ts'

/** 15 s until the lock ends, and two looks of 7 s at what has stalled. */
const patient = { timeout: 45_000, interval: 100 }
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function startProcess(queue: string, mode: 'hang' | 'finish') {
  const script = join(import.meta.dirname, '../test/worker-process.ts')
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  const child = spawn(process.execPath, [script, inject('engines').redis, queue, mode], { stdio })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return { output: () => output, kill: () => child.kill('SIGKILL') }
}

it('runs a job again whose worker died, also the second time, without spending an attempt', async () => {
  const name = `test-${randomUUID()}`
  const connection = createRedis({ url: inject('engines').redis, role: 'producer' })
  const queue = createQueue({ connection, name, jobs: probeJobs })
  await queue.add('probe', { probeId: randomUUID() }, { jobId: randomUUID() })
  for (const mode of ['hang', 'hang', 'finish'] as const) {
    const worker = startProcess(name, mode)
    await expect.poll(worker.output, patient).toBe('attempt 1\n')
    if (mode === 'hang') worker.kill()
  }
  await expect.poll(() => queue.queue.getJobCounts('completed', 'failed'), patient).toEqual({ completed: 1, failed: 0 })
  await queue.queue.obliterate({ force: true })
  await queue.close()
  connection.disconnect()
}, 150_000)
