import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../../services/users/src/database/tables.ts'
import { sendAll } from '../load/http-load.ts'
import { openLoop } from '../load/open-loop.ts'
import { addPeople } from '../load/people-of-users.ts'
import type { StormDone, StormOrder } from '../load/sign-in-storm.ts'
import { percentile } from '../measuring/statistics.ts'
import { startUsers } from '../stage/service.ts'

const COST = 12
const WORKERS = availableParallelism()
const PEOPLE = 500
const CEILING_HASHES = 60
const READS_PER_SECOND = 50
const PASSWORD = 'Correct horse 7!'

interface Storm {
  /** Sign-ins a second, and hashes a second of bcrypt alone beside the same reads. */
  rate: number
  ceiling: number
  /** Milliseconds. */
  readsP99: number
  refusals: StormDone['refusals']
  /** Milliseconds of each refusal by Node alone, of as many who come at once. */
  bareRefusals: number[]
  /** Accounts whose counters are not as they were. */
  miscounted: number
  signUps: number
}

/** Five hundred who sign in at once, and come back when they are told to. Gives lines of the page. */
export async function measureStorm(): Promise<{ lines: string[]; missed: string[] }> {
  const users = await startUsers({ BCRYPT_COST: String(COST), HASH_WORKERS: String(WORKERS) })
  try {
    const { db } = users.database
    const api = createApiClient(users.process.baseUrl)
    const token = await firstUser(api, db)
    const emails = await addPeople(db, PEOPLE)
    const { result: before } = await whileReading(api, token, () => hashesPerSecond())
    const { result, times } = await whileReading(api, token, () => signInAll(users.process.baseUrl, emails))
    const { result: after } = await whileReading(api, token, () => hashesPerSecond())
    const { result: signUps } = await whileReading(api, token, () => signUpsPerSecond(users.process.baseUrl))
    const storm = {
      ...result,
      bareRefusals: await refusedByNodeAlone(emails),
      signUps,
      ceiling: (before + after) / 2,
      readsP99: percentile(times, 0.99),
      miscounted: await countMiscounted(db),
    }
    return { lines: lines(storm), missed: missed(storm) }
  } finally {
    await users.stop()
  }
}

async function firstUser(api: ApiClient, db: Kysely<UsersDatabase>): Promise<string> {
  const body = { email: 'first@example.org', password: PASSWORD }
  await api.post('/auth/register', { body })
  await db.updateTable('users').set({ email_verified: true }).execute()
  return (await api.post('/auth/login', { body })).body.accessToken
}

async function signInAll(baseUrl: string, emails: string[]) {
  const workerData: StormOrder = { baseUrl, emails, password: PASSWORD }
  const worker = new Worker(new URL('../load/sign-in-storm.ts', import.meta.url), { workerData })
  const [done] = (await once(worker, 'message')) as [StormDone]
  return done
}

/** What the machine needs for so many connections in one instant, whoever answers them. */
async function refusedByNodeAlone(emails: string[]): Promise<number[]> {
  const server = fork(new URL('../load/bare-refusals.ts', import.meta.url), [String(emails.length)])
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }]
    return (await signInAll(`http://127.0.0.1:${port}`, emails)).refusals.first
  } finally {
    server.kill()
  }
}

async function signUpsPerSecond(baseUrl: string): Promise<number> {
  const requests = Array.from({ length: CEILING_HASHES }, (_, index) => ({
    path: '/auth/register',
    method: 'POST' as const,
    body: { email: `sign-up-${index}@example.org`, password: PASSWORD },
  }))
  return (await sendAll(baseUrl, requests, WORKERS * 4)).rate
}

async function hashesPerSecond(): Promise<number> {
  const workerData = { count: CEILING_HASHES / WORKERS, cost: COST }
  const script = new URL('../load/hash-alone.ts', import.meta.url)
  const began = performance.now()
  await Promise.all(Array.from({ length: WORKERS }, () => once(new Worker(script, { workerData }), 'exit')))
  return CEILING_HASHES / ((performance.now() - began) / 1000)
}

async function countMiscounted(db: Kysely<UsersDatabase>): Promise<number> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where((where) => where.or([where('failed_logins', '>', 0), where('guesses_pending', '>', 0)]))
    .execute()
  return rows.length
}

/** Authenticated reads at a fixed rate, for as long as the work takes. */
async function whileReading<Result>(api: ApiClient, token: string, work: () => Promise<Result>) {
  const times: number[] = []
  let over = false
  const read = async () => {
    const startedAt = performance.now()
    await api.get('/me', { token })
    times.push(performance.now() - startedAt)
  }
  const reading = (async () => {
    while (!over) await openLoop({ rate: READS_PER_SECOND, count: READS_PER_SECOND / 10 }, read)
  })()
  const result = await work()
  over = true
  await reading
  return { result, times }
}

const refused = (times: number[]) => `${times.length} times, p99 ${percentile(times, 0.99).toFixed(1)} ms`
const share = (one: number, other: number) => (one / other).toFixed(2)

function lines({ rate, ceiling, readsP99, refusals, bareRefusals, miscounted, signUps }: Storm): string[] {
  return [
    `${PEOPLE} sign in at once, and come back when they are told to (bcrypt, cost ${COST}, ${WORKERS} threads at the lowest priority):`,
    '',
    '| what | measured | aim |',
    '| --- | --- | --- |',
    `| sign-ins | ${rate.toFixed(1)}/s, ${share(rate, ceiling)} of bcrypt alone beside the same reads (${ceiling.toFixed(1)}/s) | >= 0.9 |`,
    `| authenticated reads meanwhile, ${READS_PER_SECOND}/s | p99 ${readsP99.toFixed(1)} ms | < 50 ms |`,
    `| told to come back, all in the first instant | ${refused(refusals.first)}; by Node alone ${refused(bareRefusals)} | < 100 ms |`,
    `| told so later | ${refused(refusals.later)} | < 100 ms |`,
    `| accounts with a wrong counter afterwards | ${miscounted} | 0 |`,
    `| sign-ups | ${signUps.toFixed(1)}/s, ${share(signUps, ceiling)} of bcrypt alone | >= 0.9 |`,
  ]
}

function missed({ rate, ceiling, readsP99, refusals, miscounted, signUps }: Storm): string[] {
  const held: [string, boolean][] = [
    ['sign-ins beside bcrypt', rate / ceiling >= 0.9],
    ['reads meanwhile', readsP99 < 50],
    ['refusals in the first instant', percentile(refusals.first, 0.99) < 100],
    ['refusals later', percentile(refusals.later, 0.99) < 100],
    ['counters', miscounted === 0],
    ['sign-ups beside bcrypt', signUps / ceiling >= 0.9],
  ]
  return held.filter(([, holds]) => !holds).map(([what]) => what)
}
