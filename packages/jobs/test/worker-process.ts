/** A worker as a process of its own, for tests that kill it: `hang` never finishes a job, `finish` does at once. */
import { argv } from 'node:process'
import { createLogger } from '@rollcall/runtime/logger'
import { createRedis } from '../src/redis.ts'
import { startWorker } from '../src/worker.ts'
import { probeJobs } from './probe-jobs.ts'

const [, , url = '', queue = '', mode] = argv

await startWorker({
  connection: createRedis({ url, role: 'worker' }),
  queue,
  jobs: probeJobs,
  handlers: {
    async probe(_, { attempt }) {
      process.stdout.write(`attempt ${attempt}\n`)
      if (mode === 'hang') await new Promise(() => {})
    },
  },
  concurrency: 1,
  log: createLogger({ service: 'worker', level: 'silent' }),
})
