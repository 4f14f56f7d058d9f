import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { type LoadRequest, sendAll } from '../load/http-load.ts'
import { openLoop } from '../load/open-loop.ts'
import { addPeople } from '../load/people-of-users.ts'
import type { OpenBench, Window } from '../measuring/bench.ts'
import { percentile } from '../measuring/statistics.ts'
import { startUsers } from '../stage/service.ts'

const COST = 12
const WORKERS = availableParallelism()
const LOGINS = 40
const READS_PER_SECOND = 50
const credentials = { email: 'bench@example.org', password: 'Correct horse 7!' }

/** Sign-ins beside bcrypt alone in as many threads, both with the same reads of the same service meanwhile. */
export async function openLogins(): Promise<OpenBench> {
  const users = await startUsers({ BCRYPT_COST: String(COST), HASH_WORKERS: String(WORKERS) })
  const { baseUrl } = users.process
  const api = createApiClient(baseUrl)
  await api.post('/auth/register', { body: credentials })
  await users.database.db.updateTable('users').set({ email_verified: true }).execute()
  const token = (await api.post('/auth/login', { body: credentials })).body.accessToken as string
  // Each their own account: of one, five are compared at once at most.
  const emails = await addPeople(users.database.db, LOGINS)
  const requests = emails.map(
    (email): LoadRequest => ({ path: '/auth/login', method: 'POST', body: { ...credentials, email } }),
  )
  const signIn = () => sendAll(baseUrl, requests, WORKERS * 4)
  return {
    unit: 'sign-in',
    subject: { what: `over HTTP, cost ${COST}`, run: () => whileReading(api, token, signIn) },
    baseline: { what: `bcrypt in ${WORKERS} threads`, run: () => whileReading(api, token, hashAlone) },
    aims: [{ figure: 'ratio', atLeast: 0.9 }],
    services: { users: users.process },
    close: () => users.stop(),
  }
}

/** Reads at a fixed rate, as people cause them, for as long as the work takes. */
async function whileReading(api: ApiClient, token: string, work: () => Promise<unknown>): Promise<Window> {
  const times: number[] = []
  let over = false
  const read = async () => {
    const startedAt = performance.now()
    await api.get('/auth/me', { token })
    times.push(performance.now() - startedAt)
  }
  const reading = (async () => {
    while (!over) await openLoop({ rate: READS_PER_SECOND, count: READS_PER_SECOND / 10 }, read)
  })()
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1000
  over = true
  await reading
  return { units: LOGINS, seconds, figures: { 'p99 of reads meanwhile, ms': percentile(times, 0.99) } }
}

async function hashAlone(): Promise<void> {
  const workerData = { count: LOGINS / WORKERS, cost: COST }
  const script = new URL('../load/hash-alone.ts', import.meta.url)
  await Promise.all(Array.from({ length: WORKERS }, () => once(new Worker(script, { workerData }), 'exit')))
}
