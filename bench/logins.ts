import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { createApiClient } from '@rollcall/testing/api-client'
import { type LoadRequest, sendAll } from './http-load.ts'
import { percentile } from './open-loop.ts'
import { type BenchRow, row } from './row.ts'
import { startUsers } from './service.ts'

const COST = 12
const WORKERS = availableParallelism()
const LOGINS = 60
const PASSWORD = 'Correct horse 7!'

/** Sign-ins per second and p99 of `GET /auth/me` meanwhile, beside bcrypt alone in as many worker threads. */
export async function run(): Promise<BenchRow[]> {
  const bare = await hashBare()
  const users = await startUsers({ BCRYPT_COST: String(COST), HASH_WORKERS: String(WORKERS) })
  const { baseUrl } = users.process
  try {
    const api = createApiClient(baseUrl)
    const credentials = { email: 'bench@example.org', password: PASSWORD }
    await api.post('/auth/register', { body: credentials })
    await users.database.db.updateTable('users').set({ email_verified: true }).execute()
    const token = (await api.post('/auth/login', { body: credentials })).body.accessToken as string
    const alone = await readMe(baseUrl, token, 1000)
    const loginRequests = Array.from(
      { length: LOGINS },
      (): LoadRequest => ({ path: '/auth/login', method: 'POST', body: credentials }),
    )
    let busy = true
    const reading = readUntil(baseUrl, token, () => !busy)
    const logins = await sendAll(baseUrl, loginRequests, WORKERS * 4)
    busy = false
    const meanwhile = await reading
    return [
      row({ name: `sign-ins at cost ${COST} (bcrypt alone)`, unit: '1/s', value: logins.rate, baseline: bare }),
      row({
        name: 'p99 of GET /auth/me meanwhile (without sign-ins)',
        unit: 'ms',
        value: percentile(meanwhile, 0.99),
        baseline: percentile(alone, 0.99),
      }),
    ]
  } finally {
    await users.stop()
  }
}

/** Hashes per second of bcrypt in as many threads as the service has. */
async function hashBare(): Promise<number> {
  const each = LOGINS / 2 / WORKERS
  const began = performance.now()
  await Promise.all(
    Array.from({ length: WORKERS }, () => {
      const worker = new Worker(new URL('./hash-alone.ts', import.meta.url), {
        workerData: { count: each, cost: COST },
      })
      return new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject))
    }),
  )
  return (each * WORKERS) / ((performance.now() - began) / 1000)
}

async function readMe(baseUrl: string, token: string, count: number): Promise<number[]> {
  const requests = Array.from({ length: count }, () => ({ path: '/auth/me', token }))
  return (await sendAll(baseUrl, requests, 2)).times
}

async function readUntil(baseUrl: string, token: string, done: () => boolean): Promise<number[]> {
  const times: number[] = []
  while (!done()) times.push(...(await readMe(baseUrl, token, 20)))
  return times
}
