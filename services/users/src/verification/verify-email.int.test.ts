import { newId } from '@rollcall/runtime/ids'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningUsers, startUsers } from '../../test/running-users.ts'

let users: RunningUsers

beforeAll(async () => {
  users = await startUsers()
})

afterAll(() => users?.stop())

describe('verifying', () => {
  it('S6: shows a page with a button and uses nothing up', async () => {
    const { id } = (await users.signUp()).body
    const link = await users.linkOf(id)
    const page = await users.api.get(link, { headers: { accept: 'text/html' } })
    expect(page).toMatchObject({ status: 200 })
    expect(page.body).toContain('<form method="post">')
    expect((await users.api.get(link)).body).toEqual({ state: 'verifiable' })
    expect((await users.api.call('HEAD', link)).status).toBe(200)
    expect((await users.api.post(link)).body).toEqual({ state: 'verified' })
    expect(await users.api.post(link)).toMatchObject({ status: 400, body: { error: 'InvalidToken' } })
    const dead = await users.api.get(link, { headers: { accept: 'text/html' } })
    expect(dead.status).toBe(400)
    expect(dead.body).toContain('does not work any more')
  })

  it('lifts anonymous to authenticated and raises the version', async () => {
    const { id } = await users.join()
    const told = await users.toldAbout(id)
    const snapshots = told.filter(({ type }) => type === 'user.snapshot.v1')
    expect(snapshots.at(1)).toMatchObject({ sequence: 2, data: { role: 'authenticated', emailVerified: true } })
  })

  it('S5: refuses a token with the id of somebody else, and does not repeat it in the answer', async () => {
    const [one, other] = [(await users.signUp()).body, (await users.signUp()).body]
    const link = await users.linkOf(one.id)
    const answer = await users.api.post(link.replace(one.id, other.id))
    expect(answer).toMatchObject({ status: 400, body: { error: 'InvalidToken' } })
    expect(JSON.stringify(answer.body)).not.toContain(link.split('/').at(-1))
  })

  it('S8: voids older links when a new one is asked for, at most three times an hour', async () => {
    const { id, email } = (await users.signUp()).body
    const first = await users.linkOf(id)
    for (let i = 0; i < 5; i += 1) {
      expect((await users.api.post('/auth/resend-verification', { body: { email } })).status).toBe(202)
    }
    expect((await users.api.post('/auth/resend-verification', { body: { email: 'nobody@example.org' } })).status).toBe(
      202,
    )
    const requests = async () =>
      (await users.toldAbout(id)).filter(({ type }) => type === 'email.verification_requested.v1')
    await expect.poll(() => openRequests()).toBe(0)
    expect(await requests()).toHaveLength(3)
    expect((await users.api.post(first)).status).toBe(400)
    expect((await users.api.post(await users.linkOf(id))).status).toBe(200)
  })

  it('answers as soon for an address that has an account as for one that has none', async () => {
    const ask = async (email: string) => {
      const startedAt = performance.now()
      expect((await users.api.post('/auth/resend-verification', { body: { email } })).status).toBe(202)
      return performance.now() - startedAt
    }
    const accounts = await Promise.all(Array.from({ length: 20 }, () => users.signUp()))
    // What an account costs is a few milliseconds here; ten times as much is seen whatever else the machine does.
    await sql`
      create function take_time() returns trigger language plpgsql as $$
      begin perform pg_sleep(0.05); return new; end $$`.execute(users.db)
    await sql`create trigger take_time before insert on link_tokens for each row execute function take_time()`.execute(
      users.db,
    )
    const times = { known: [] as number[], unknown: [] as number[] }
    for (const [index, { body }] of accounts.entries()) {
      times.known.push(await ask(body.email))
      times.unknown.push(await ask(`nobody-${index}@example.org`))
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length / 2] ?? 0
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(10)
    await expect.poll(() => openRequests(), { timeout: 10_000 }).toBe(0)
    await sql`drop trigger take_time on link_tokens`.execute(users.db)
  })

  it('deals with a request that another process has left', async () => {
    const { id, email } = (await users.signUp()).body
    const request = { id: newId(), purpose: 'verify-email', email_key: email, requested_at: new Date() }
    await users.db.insertInto('link_requests').values(request).execute()
    const told = async () => (await users.toldAbout(id)).map(({ type }) => type)
    await expect.poll(told, { timeout: 10_000 }).toContain('email.verification_requested.v1')
  })
})

async function openRequests(): Promise<number> {
  return (await users.db.selectFrom('link_requests').select('id').execute()).length
}
