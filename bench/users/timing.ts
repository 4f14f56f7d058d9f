import { writeFile } from 'node:fs/promises'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { hashSync } from 'bcrypt'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../../services/users/src/database/tables.ts'
import { addPeople } from '../load/people-of-users.ts'
import { percentile } from '../measuring/statistics.ts'
import { startUsers } from '../stage/service.ts'

const COST = 12
const OLD_COST = 10
const PAIRS = 100
const PASSWORD = 'Correct horse 7!'
const SIGN_UP_LIMIT_MS = 10
/** Of the time that a hash takes. */
const SIGN_IN_SHARE = 0.05

interface Compared {
  what: string
  /** Medians, milliseconds. */
  one: number
  other: number
  limitMs: number
}

type Ask = (index: number) => Promise<unknown>

/**
 * Whether the time of an answer tells which accounts there are: pairs asked in turn, so that what the machine does else meets both
 * alike. Writes the page, and gives what missed its aim.
 */
export async function keepTiming(page: URL): Promise<string[]> {
  const users = await startUsers({ BCRYPT_COST: String(COST), SIGNUP_DISCLOSURE: 'private' })
  try {
    const { db } = users.database
    const api = createApiClient(users.process.baseUrl)
    await api.post('/auth/register', { body: { email: 'first@example.org', password: PASSWORD } })
    const hashMs = timeOfHash()
    const compared = [...(await signIns(api, db, hashMs)), ...(await byAddress(api, db))]
    await writeFile(page, pageOf(compared, hashMs))
    return compared
      .filter((it) => !holds(it))
      .map(({ what, one, other }) => `${what}: ${one.toFixed(1)} and ${other.toFixed(1)} ms`)
  } finally {
    await users.stop()
  }
}

/** S16: an address that nobody has beside each other reason to refuse. */
async function signIns(api: ApiClient, db: Kysely<UsersDatabase>, hashMs: number): Promise<Compared[]> {
  const limitMs = hashMs * SIGN_IN_SHARE
  const signIn = (email: string) => api.post('/auth/login', { body: { email, password: 'a wrong one' } })
  const people = async (changes: Record<string, unknown>) => {
    // Each is tried once: five wrong passwords would lock one out.
    const emails = await addPeople(db, PAIRS)
    if (Object.keys(changes).length > 0)
      await db.updateTable('users').set(changes).where('email', 'in', emails).execute()
    return emails
  }
  const kinds: Record<string, Record<string, unknown>> = {
    'a wrong password': {},
    'a locked account': { locked: true },
    'an unverified account': { email_verified: false },
    'a hash of an older cost': { password_hash: hashSync(PASSWORD, OLD_COST) },
    'a lockout': { locked_until: new Date(Date.now() + 3600_000), failed_logins: 5 },
  }
  const compared: Compared[] = []
  for (const [what, changes] of Object.entries(kinds)) {
    const emails = await people(changes)
    const times = await inTurn(
      (index) => signIn(`nobody-${what.length}-${index}@example.org`),
      (index) => signIn(String(emails[index])),
    )
    compared.push({ what: `S16: sign-in, unknown address and ${what}`, ...times, limitMs })
  }
  return compared
}

/** S1 and S35: a free and a taken address. */
async function byAddress(api: ApiClient, db: Kysely<UsersDatabase>): Promise<Compared[]> {
  const taken = await addPeople(db, PAIRS)
  const signUp = (email: string) => api.post('/auth/register', { body: { email, password: PASSWORD } })
  const forget = (email: string) => api.post('/auth/password/forgot', { body: { email } })
  const free = (index: number) => `free-${index}@example.org`
  const pair = (ask: (email: string) => Promise<unknown>) =>
    inTurn(
      (index) => ask(free(index)),
      (index) => ask(String(taken[index])),
    )
  const unknown = (index: number) => `unknown-${index}@example.org`
  return [
    { what: 'S1: sign-up, free and taken address', ...(await pair(signUp)), limitMs: SIGN_UP_LIMIT_MS },
    {
      what: 'S35: forgotten password, unknown and known address',
      ...(await inTurn(
        (index) => forget(unknown(index)),
        (index) => forget(String(taken[index])),
      )),
      limitMs: SIGN_UP_LIMIT_MS,
    },
  ]
}

async function inTurn(one: Ask, other: Ask): Promise<{ one: number; other: number }> {
  const times = { one: [] as number[], other: [] as number[] }
  for (let index = 0; index < PAIRS; index += 1) {
    times.one.push(await timeOf(() => one(index)))
    times.other.push(await timeOf(() => other(index)))
  }
  return { one: percentile(times.one, 0.5), other: percentile(times.other, 0.5) }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function timeOfHash(): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    hashSync('a password', COST)
    return performance.now() - began
  })
  return percentile(times, 0.5)
}

const holds = ({ one, other, limitMs }: Compared) => Math.abs(one - other) <= limitMs

function pageOf(compared: readonly Compared[], hashMs: number): string {
  const rows = compared.map((it) => {
    const { what, one, other, limitMs } = it
    const difference = Math.abs(one - other).toFixed(1)
    return `| ${what} | ${one.toFixed(1)} | ${other.toFixed(1)} | ${difference} | ${limitMs.toFixed(1)} | ${holds(it) ? 'holds' : '**missed**'} |`
  })
  return `# Timing

Written by \`npm run bench -- timing\`: medians of ${PAIRS} pairs asked in turn, milliseconds. A hash (bcrypt, cost ${COST}) takes ${hashMs.toFixed(0)} ms.

| what | one | other | difference | at most | verdict |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}
