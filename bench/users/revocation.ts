import { setTimeout as sleep } from 'node:timers/promises'
import { createTestSecrets } from '@rollcall/test-stack/environments'
import { type ApiClient, createApiClient } from '@rollcall/testing/api-client'
import { decodeJwt } from 'jose'
import { addPeople } from '../load/people-of-users.ts'
import { percentile } from '../measuring/statistics.ts'
import { startEvents, startUsers } from '../stage/service.ts'

const PASSWORD = 'Correct horse 7!'
const TRIES_EACH = 29
const LOAD_PER_SECOND = 200
/** Asked for again and again until it is refused; nobody has it. */
const PROBE = '/registrations/01890000-0000-7000-8000-000000000000'

interface Person {
  id: string
  token: string
}

interface Apis {
  users: ApiClient
  events: ApiClient
  admin: string
}

/** What takes somebody their way in, by its name. */
const cases: Record<string, (apis: Apis, person: Person) => Promise<{ status: number }>> = {
  'sign-out': ({ users }, { token }) => users.post('/auth/logout', { token }),
  'sign-out everywhere': ({ users }, { token }) => users.post('/auth/logout-all', { token }),
  'an ended session': ({ users }, { token }) =>
    users.call('DELETE', `/me/sessions/${decodeJwt(token)['sid']}`, { token }),
  'a password reset elsewhere': async ({ users }, { token, id }) => {
    const other = (await users.post('/auth/login', { body: { email: `${id}`, password: PASSWORD } })).body.accessToken
    const body = { currentPassword: PASSWORD, newPassword: 'Another horse 8!' }
    return users.post('/me/password', { token: other ?? token, body })
  },
  'a lock': ({ users, admin }, { id }) => users.post(`/users/${id}/lock`, { token: admin }),
  'a deletion': ({ users, admin }, { id }) => users.call('DELETE', `/users/${id}`, { token: admin }),
  'a demotion': ({ users, admin }, { id }) =>
    users.patch(`/users/${id}/role`, { token: admin, body: { role: 'authenticated' } }),
}

/** How long the events service takes a token after it counts no longer. Gives lines of the page, and what missed its aim. */
export async function measureRevocation(): Promise<{ lines: string[]; missed: string[] }> {
  const secrets = await createTestSecrets()
  const users = await startUsers({ BCRYPT_COST: '4' }, secrets)
  const events = await startEvents(`${users.process.baseUrl}/.well-known/jwks.json`, secrets)
  try {
    const api = createApiClient(users.process.baseUrl)
    const body = { email: 'admin@example.org', password: PASSWORD }
    await api.post('/auth/register', { body })
    await users.database.db.updateTable('users').set({ email_verified: true, role: 'admin' }).execute()
    const admin = (await api.post('/auth/login', { body })).body.accessToken as string
    const apis = { users: api, events: createApiClient(events.process.baseUrl), admin }
    const emails = await addPeople(users.database.db, TRIES_EACH * Object.keys(cases).length)
    const stop = startLoad(apis)
    const times: Record<string, number[]> = {}
    try {
      for (const name of Object.keys(cases)) {
        times[name] = []
        for (let i = 0; i < TRIES_EACH; i += 1) times[name].push(await tryOnce(apis, name, String(emails.pop())))
      }
    } finally {
      await stop()
    }
    return linesOf(times)
  } finally {
    await events.stop()
    await users.stop()
  }
}

async function tryOnce(apis: Apis, name: string, email: string): Promise<number> {
  const { users, events, admin } = apis
  const signedIn = (await users.post('/auth/login', { body: { email, password: PASSWORD } })).body
  const person = { id: signedIn.user.id as string, token: signedIn.accessToken as string }
  const demoted = name === 'a demotion'
  if (demoted) await users.patch(`/users/${person.id}/role`, { token: admin, body: { role: 'organizer' } })
  const probe = () =>
    demoted
      ? events.post('/verify', { token: person.token, body: {} }).then(({ status }) => status === 403)
      : events.get(PROBE, { token: person.token }).then(({ status }) => status === 401)
  // An organizer is one once the events service has heard of it.
  while (demoted && (await probe())) await sleep(5)
  const act = cases[name]
  if (!act) throw new TypeError(`there is no case ${name}`)
  const { status } = await act(apis, name.startsWith('a password') ? { ...person, id: email } : person)
  if (status >= 300) throw new Error(`${name} was answered ${status}`)
  const began = performance.now()
  while (!(await probe())) await sleep(2)
  return performance.now() - began
}

/** People who read and sign in meanwhile. */
function startLoad({ users, events, admin }: Apis): () => Promise<void> {
  let over = false
  const work = async () => {
    while (!over) {
      await Promise.all([events.get('/events?limit=20'), users.get('/me', { token: admin })])
      await sleep(2000 / LOAD_PER_SECOND)
    }
  }
  const running = Promise.all([work(), work()])
  return async () => {
    over = true
    await running
  }
}

function linesOf(times: Record<string, number[]>): { lines: string[]; missed: string[] } {
  const all = Object.values(times).flat()
  const p99 = percentile(all, 0.99)
  const row = (what: string, of: number[]) =>
    `| ${what} | ${of.length} | ${percentile(of, 0.5).toFixed(0)} | ${percentile(of, 0.99).toFixed(0)} |`
  const lines = [
    'Milliseconds for which the events service still takes the token, while people read from both services:',
    '',
    '| after | tries | p50 | p99 |',
    '| --- | --- | --- | --- |',
    ...Object.entries(times).map(([what, of]) => row(what, of)),
    row('all of them', all),
  ]
  return { lines, missed: p99 < 1000 ? [] : [`revocation: p99 ${p99.toFixed(0)} ms`] }
}
