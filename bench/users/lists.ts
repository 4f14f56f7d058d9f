import { cursorAfter } from '@rollcall/http/sorting'
import { createApiClient } from '@rollcall/testing/api-client'
import type { Kysely } from 'kysely'
import { userColumns } from '../../services/users/src/accounts/tables.ts'
import type { UsersDatabase } from '../../services/users/src/database/tables.ts'
import { userSorts } from '../../services/users/src/people/list-users.ts'
import { expectAll, type LoadRequest, sendAll } from '../load/http-load.ts'
import { percentile } from '../measuring/statistics.ts'
import { startUsers } from '../stage/service.ts'
import { fillUsers, USERS } from './fill-users.ts'

const PASSWORD = 'Correct horse 7!'
const LIMIT = 20
const DEEP = 10_000
const WARM = 10
const TIMES = 200
/** As many people who look at once. */
const CONNECTIONS = 8
/** The aims: of each list (p95), of page 10 000 beside page 1, of filling, of lists a second. */
const MOST_MS = 50
const MOST_DEEPER = 1.1
const MOST_SECONDS_TO_FILL = 300
const LEAST_RATE = 600

const filters: Record<string, string> = {
  'free text, one match': 'q=person123456%40',
  'free text, a rare name': 'q=of%20deadb',
  'free text that all have': 'q=example',
  'free text that nobody has': 'q=qqqqqq',
  'part of the address': 'email=on99999',
  'part of the nickname': 'nickname=ck-4242',
  'role, one in a thousand': 'role=manager',
  'role that most have': 'role=authenticated',
  locked: 'status=locked',
  verified: 'status=verified',
  unverified: 'status=unverified',
  professional: 'status=professional',
  'signed up in a week': 'createdFrom=2025-01-01T00%3A00%3A00Z&createdTo=2025-01-08T00%3A00%3A00Z',
  'signed in in a week': 'lastLoginFrom=2026-02-01T00%3A00%3A00Z&lastLoginTo=2026-02-08T00%3A00%3A00Z',
  'several at once': 'q=grace&status=professional&createdFrom=2025-01-01T00%3A00%3A00Z',
}

interface Timed {
  what: string
  p50: number
  p95: number
}

/** Times every filter and order of `GET /users` at a million. Gives lines of the page, and what missed its aim. */
export async function measureLists(): Promise<{ lines: string[]; missed: string[] }> {
  const users = await startUsers({ BCRYPT_COST: '4' })
  try {
    const { baseUrl } = users.process
    const token = await firstAdmin(baseUrl, users.database.db)
    const seconds = await fillUsers(users.database.db)
    const time = (what: string, search: string) => timeList(baseUrl, token, { what, search })
    const first = [await time('no filter', '')]
    for (const [what, search] of Object.entries(filters)) first.push(await time(what, search))
    const pages: { sort: string; first: Timed; deep: Timed }[] = []
    for (const sort of userSorts.names) {
      const cursor = await cursorOf(users.database.db, sort)
      pages.push({ sort, ...(await timeInTurn(baseUrl, token, { sort, cursor })) })
    }
    const rate = await listsPerSecond(baseUrl, token)
    const lists = { seconds, first, pages, rate }
    return { lines: linesOf(lists), missed: missedBy(lists) }
  } finally {
    await users.stop()
  }
}

async function firstAdmin(baseUrl: string, db: Kysely<UsersDatabase>): Promise<string> {
  const api = createApiClient(baseUrl)
  const body = { email: 'admin@example.org', password: PASSWORD }
  await api.post('/auth/register', { body })
  await db.updateTable('users').set({ email_verified: true, role: 'admin' }).execute()
  return (await api.post('/auth/login', { body })).body.accessToken
}

const listRequest = (token: string, search: string): LoadRequest => ({
  path: `/users?limit=${LIMIT}${search === '' ? '' : `&${search}`}`,
  token,
})

const timed = (what: string, times: number[]): Timed => ({
  what,
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
})

/** Milliseconds of each answer to these, so many times, once they are warm; one after the other. */
async function timesOf(baseUrl: string, requests: LoadRequest[]): Promise<number[]> {
  expectAll(await sendAll(baseUrl, Array(WARM).fill(requests).flat(), 1), 200)
  const result = await sendAll(baseUrl, Array(TIMES).fill(requests).flat(), 1)
  expectAll(result, 200)
  return result.times
}

async function timeList(baseUrl: string, token: string, { what, search }: { what: string; search: string }) {
  return timed(what, await timesOf(baseUrl, [listRequest(token, search)]))
}

/** Asked in turn, so that what the machine does else meets both alike. */
async function timeInTurn(baseUrl: string, token: string, { sort, cursor }: { sort: string; cursor: string }) {
  const pages = [listRequest(token, `sort=${sort}`), listRequest(token, `sort=${sort}&cursor=${cursor}`)]
  const times = await timesOf(baseUrl, pages)
  const every = (rest: number) => times.filter((_, index) => index % 2 === rest)
  return { first: timed(sort, every(0)), deep: timed(sort, every(1)) }
}

async function listsPerSecond(baseUrl: string, token: string): Promise<number> {
  const requests = Array<LoadRequest>(4000).fill(listRequest(token, ''))
  const result = await sendAll(baseUrl, requests, CONNECTIONS)
  expectAll(result, 200)
  return result.rate
}

/** Leads to page 10 000, as following `next` so often would. */
async function cursorOf(db: Kysely<UsersDatabase>, name: string): Promise<string> {
  const sort = userSorts.named(name)
  const direction = sort.descending ? 'desc' : 'asc'
  const row = await db
    .selectFrom('users')
    .select(userColumns)
    .orderBy(sort.column, direction)
    .orderBy(sort.id, direction)
    .offset(LIMIT * (DEEP - 1) - 1)
    .limit(1)
    .executeTakeFirstOrThrow()
  return cursorAfter(sort, row)
}

interface Lists {
  seconds: number
  first: Timed[]
  pages: { sort: string; first: Timed; deep: Timed }[]
  rate: number
}

function missedBy({ seconds, first, pages, rate }: Lists): string[] {
  const every = [...first, ...pages.flatMap(({ first: near, deep }) => [near, deep])]
  const slow = every.filter(({ p95 }) => p95 >= MOST_MS)
  const deeper = pages.filter(({ first: near, deep }) => deep.p50 > near.p50 * MOST_DEEPER)
  return [
    ...slow.map(({ what, p95 }) => `${what}: p95 ${p95.toFixed(1)} ms`),
    ...deeper.map(({ sort }) => `${sort}: page ${DEEP} costs more than page 1`),
    ...(seconds < MOST_SECONDS_TO_FILL ? [] : [`filling took ${seconds.toFixed(0)} s`]),
    ...(rate >= LEAST_RATE ? [] : [`${rate.toFixed(0)} lists a second`]),
  ]
}

function linesOf({ seconds, first, pages, rate }: Lists): string[] {
  const ms = (value: number) => value.toFixed(1)
  const rows = first.map(({ what, p50, p95 }) => `| ${what} | ${ms(p50)} | ${ms(p95)} |`)
  const sorted = pages.map(({ sort, first: near, deep }) => {
    const beside = (deep.p50 / near.p50).toFixed(2)
    return `| \`${sort}\` | ${ms(near.p50)} | ${ms(near.p95)} | ${ms(deep.p50)} | ${ms(deep.p95)} | ${beside} |`
  })
  return [
    `\`GET /users?limit=${LIMIT}\` over HTTP, as an admin, with ${USERS.toLocaleString('en')} users; one request at a time, milliseconds of ${TIMES}.`,
    `Filling the table took ${seconds.toFixed(0)} s. ${CONNECTIONS} who look at once get ${rate.toFixed(0)} lists a second. Plans: [PLANS.md](PLANS.md).`,
    '',
    '| filter | p50 | p95 |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `| sorted by | page 1, p50 | p95 | page ${DEEP.toLocaleString('en')}, p50 | p95 | p50 beside page 1 |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...sorted,
  ]
}
