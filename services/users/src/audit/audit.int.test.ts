import { AuditRecorded } from '@rollcall/contracts/audit'
import { newId } from '@rollcall/runtime/ids'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, type RunningUsers, startUsers } from '../../test/running-users.ts'
import { appendAudit } from './append-audit.ts'
import { auditSubscriptions } from './subscriptions.ts'
import { verifyChain } from './verify-chain.ts'

let users: RunningUsers
let admin: Person
let manager: Person

beforeAll(async () => {
  users = await startUsers()
  admin = await users.join()
  manager = await users.join()
  await setRole(manager.id, 'manager', 'runs the summer school')
})

afterAll(() => users?.stop())

const setRole = (id: string, role: string, reason?: string) =>
  users.api.patch(`/users/${id}/role`, { token: admin.token, body: { role, ...(reason ? { reason } : {}) } })
const log = async (search: string) => (await users.api.get(`/audit${search}`, { token: admin.token })).body
const rowCount = async () => (await users.db.selectFrom('audit_log').select('position').execute()).length

describe('the audit log', () => {
  it('S44, U15: says who did what to whom, why, and what was before and after', async () => {
    const { items } = await log(`?target=${manager.id}`)
    expect(items).toMatchObject([
      {
        actor: { kind: 'admin', id: admin.id, nickname: expect.any(String) },
        action: 'change-role',
        target: { type: 'user', id: manager.id, nickname: expect.any(String) },
        reason: 'runs the summer school',
        before: { role: 'authenticated' },
        after: { role: 'manager' },
      },
    ])
  })

  it('S44: has exactly one row for each privileged change, and none for one that was refused or changed nothing', async () => {
    const { id } = await users.join()
    const before = await rowCount()
    const call = (method: string, path: string, body?: unknown) =>
      users.api.call(method, path, {
        token: admin.token,
        headers: { 'if-match': '*' },
        ...(body === undefined ? {} : { body }),
      })
    await call('POST', '/users', { email: 'audited@example.org' })
    await call('PATCH', `/users/${id}`, { bio: 'x' })
    await call('PATCH', `/users/${id}`, { bio: 'x' })
    await call('POST', `/users/${id}/lock`, { reason: 'spam' })
    await call('POST', `/users/${id}/lock`)
    await call('POST', `/users/${id}/unlock`)
    await call('PUT', `/users/${id}/operator`, { operator: true })
    await call('POST', `/users/${id}/professional`)
    await call('DELETE', `/users/${id}/professional`)
    await call('PATCH', `/users/${id}/role`, { role: 'organizer' })
    await call('PATCH', `/users/${id}/role`, { role: 'organizer' })
    await call('DELETE', `/users/${id}`)
    const actions = (await log('?limit=9')).items.map(({ action }: { action: string }) => action)
    expect(actions).toEqual([
      'erase',
      'change-role',
      'withdraw-professional',
      'grant-professional',
      'grant-operator',
      'unlock',
      'lock',
      'update',
      'create',
    ])
    expect(await rowCount()).toBe(before + 9)
  })

  it('keeps nothing about somebody who is erased beyond that it happened, and still verifies', async () => {
    const { id } = await users.join()
    await setRole(id, 'organizer', 'a canary reason')
    await users.api.call('DELETE', `/users/${id}`, { token: admin.token })
    const { items } = await log(`?target=${id}`)
    expect(items.map(({ action }: { action: string }) => action)).toEqual(['erase', 'change-role'])
    expect(JSON.stringify(items)).not.toContain('canary')
    expect((await verifyChain(users.db)).faults).toEqual([])
  })

  it('is filtered by actor, action and time, and paged by cursor', async () => {
    expect((await log(`?actor=${manager.id}`)).items).toEqual([])
    expect((await log('?action=change-role')).total).toBeGreaterThan(0)
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    expect((await log(`?from=${tomorrow}`)).total).toBe(0)
    const first = await log('?limit=2')
    const second = (await users.api.get(first._links.next.href, { token: admin.token })).body
    expect(second.items[0].position).toBe(first.items[1].position - 1)
  })

  it('S44: is for admins, and has no way to change it', async () => {
    expect((await users.api.get('/audit', { token: manager.token })).status).toBe(403)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await users.api.call(method, '/audit', { token: admin.token })).status).toBe(405)
    }
  })

  it('S44: is only ever added to, by privileges and by a trigger', async () => {
    const change = sql`update audit_log set action = 'x'`
    await expect(change.execute(users.db)).rejects.toThrow(/permission denied|only ever added/)
    await expect(sql`delete from audit_log`.execute(users.db)).rejects.toThrow(/permission denied|only ever added/)
    await expect(sql`truncate audit_log`.execute(users.db)).rejects.toThrow(/permission denied|only ever added/)
    await sql`grant update on audit_log to current_user`.execute(users.db)
    await expect(change.execute(users.db)).rejects.toThrow('only ever added')
    await sql`revoke update on audit_log from current_user`.execute(users.db)
  })

  it('S44: has no row of a change that did not commit', async () => {
    const before = await rowCount()
    const failing = users.db.transaction().execute(async (tx) => {
      await appendAudit(tx, {
        actor: { kind: 'admin', id: admin.id },
        action: 'x',
        target: { type: 'user', id: 'x' },
        at: new Date(),
      })
      throw new Error('not this time')
    })
    await expect(failing).rejects.toThrow('not this time')
    expect(await rowCount()).toBe(before)
    await setRole((await users.join()).id, 'organizer')
    expect((await verifyChain(users.db)).faults).toEqual([])
  })

  it('has rows without gaps of twenty changes at once', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => users.join()))
    await Promise.all(people.flatMap(({ id }) => ['organizer', 'manager'].map((role) => setRole(id, role))))
    expect((await verifyChain(users.db)).faults).toEqual([])
  })
})

describe('facts of other services', () => {
  it('are taken in their order, once each', async () => {
    const [subscription] = auditSubscriptions(users.db)
    const facts = ['approve', 'reject'].map((action) => ({
      id: newId(),
      definition: AuditRecorded,
      data: { actorId: admin.id, action, targetType: 'event', targetId: newId(), at: new Date().toISOString() },
    }))
    const before = await rowCount()
    await subscription?.handle(facts as never)
    await subscription?.handle(facts as never)
    expect(await rowCount()).toBe(before + 2)
    const { items } = await log('?limit=2')
    expect(items).toMatchObject([
      { action: 'reject', target: { type: 'event', nickname: null } },
      { action: 'approve', actor: { kind: 'user', id: admin.id } },
    ])
    expect((await verifyChain(users.db)).faults).toEqual([])
  })
})

describe('rollcall audit verify', () => {
  /** What verifying says after somebody who rules the database has tampered; then all is as it was. */
  async function tampered(...statements: string[]): Promise<string[]> {
    let faults: string[] = []
    const undone = new Error('undone')
    const work = users.db.transaction().execute(async (tx) => {
      await sql`alter table audit_log disable trigger user`.execute(tx)
      await sql`grant update, delete on audit_log to current_user`.execute(tx)
      for (const statement of statements) await sql.raw(statement).execute(tx)
      faults = (await verifyChain(tx)).faults
      throw undone
    })
    await expect(work).rejects.toBe(undone)
    return faults
  }

  it.each<[string, string[], RegExp]>([
    ['an edited row', [`update audit_log set action = 'lock' where position = 2`], /row 2 was edited/],
    ['a deleted row', ['delete from audit_log where position = 2'], /rows 2 to 2 are missing/],
    [
      'rows that were exchanged',
      [
        'update audit_log set position = -1 where position = 2',
        'update audit_log set position = 2 where position = 3',
        'update audit_log set position = 3 where position = -1',
      ],
      /row 2 does not follow the row before it/,
    ],
    [
      'rows cut off at the end',
      ['delete from audit_log where position = (select max(position) from audit_log)'],
      /the head says/,
    ],
    [
      'edited details',
      [`update audit_details set details = '{}' where position = 1`],
      /the details of row 1 were edited/,
    ],
  ])('S44: names %s', async (_, statements, fault) => {
    expect((await tampered(...statements)).join('\n')).toMatch(fault)
    expect((await verifyChain(users.db)).faults).toEqual([])
  })
})
