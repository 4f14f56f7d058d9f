import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { type LoadRequest, sendAll } from './http-load.ts'
import { openLoop, percentile } from './open-loop.ts'
import { type BenchRow, row } from './row.ts'
import { startUsers } from './service.ts'

const COST = 12
const WORKERS = availableParallelism()
const LOGINS = 60
const READS_PER_SECOND = 50
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
    const alone = await readFor(api, token, () => false)
    const loginRequests = Array.from(
      { length: LOGINS },
      (): LoadRequest => ({ path: '/auth/login', method: 'POST', body: credentials }),
    )
    let busy = true
    const reading = readFor(api, token, () => busy)
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

/** Milliseconds of reads at a fixed rate, as people cause them: for three seconds at least, and as long as `more` says. */
async function readFor(api: ApiClient, token: string, more: () => boolean): Promise<number[]> {
  const times: number[] = []
  const read = async () => {
    const startedAt = performance.now()
    await api.get('/auth/me', { token })
    times.push(performance.now() - startedAt)
  }
  do await openLoop({ rate: READS_PER_SECOND, count: READS_PER_SECOND * 3 }, read)
  while (more())
  return times
}
