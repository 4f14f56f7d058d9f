import { newId } from '@rollcall/runtime/ids'
import { createTestDatabase, type TestDatabase } from '@rollcall/testing/database'
import type { Transaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aUser } from '../../test/a-user.ts'
import { migrations } from '../database/migrations.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { changeUser, newAccount } from './change-user.ts'
import type { User } from './tables.ts'

type Tx = Transaction<UsersDatabase>

let database: TestDatabase<UsersDatabase>

beforeAll(async () => {
  database = await createTestDatabase<UsersDatabase>({ name: 'change-user', migrations })
})
beforeEach(async () => {
  for (const table of ['outbox', 'first_account', 'users'] as const) await database.db.deleteFrom(table).execute()
})
afterAll(() => database?.drop())

const now = new Date('2027-02-03T10:00:00Z')
const within = <Result>(work: (tx: Tx) => Promise<Result>) => database.db.transaction().execute(work)

async function stored(changes: Partial<User>): Promise<User> {
  return database.db.insertInto('users').values(aUser(changes)).returningAll().executeTakeFirstOrThrow()
}

async function told() {
  const rows = await database.db.selectFrom('outbox').select(['type', 'sequence', 'data']).orderBy('position').execute()
  return rows.map(({ type, sequence, data }) => ({ type, sequence, data: JSON.parse(String(data)) }))
}

const session = { sessionId: newId() }
const later = new Date('2027-02-03T11:00:00Z').toISOString()

describe('changing an account', () => {
  it.each<[string, Partial<User>, (tx: Tx, user: User) => Promise<User>]>([
    [
      'email.verification_requested.v1',
      { email_verified: false },
      (tx, user) => {
        const data = { userId: user.id, sealed: 'a..b.c.d' }
        return changeUser(tx, { action: 'requestVerification', by: { kind: 'anybody' }, user, data, now })
      },
    ],
    [
      'user.verified.v1',
      { email_verified: false },
      (tx, user) => changeUser(tx, { action: 'verify', by: { kind: 'link' }, user, data: { userId: user.id }, now }),
    ],
    [
      'user.logged_in.v1',
      {},
      (tx, user) => {
        const data = { userId: user.id, ...session }
        return changeUser(tx, { action: 'signIn', by: { kind: 'anybody' }, user, data, now })
      },
    ],
    [
      'session.revoked.v1',
      {},
      (tx, user) => {
        const data = { userId: user.id, ...session, expiresAt: later, reason: 'sign-out' as const }
        return changeUser(tx, { action: 'endSession', by: { kind: 'owner' }, user, data, now })
      },
    ],
    [
      'role.changed.v1',
      {},
      (tx, user) => {
        const by = { kind: 'admin', id: newId() } as const
        const data = { userId: user.id, from: user.role, to: 'manager' as const, actorId: by.id }
        return changeUser(tx, { action: 'changeRole', by, user, changes: { role: 'manager' }, data, now })
      },
    ],
  ])('raises its version by one and tells of it by snapshot, then %s', async (fact, before, change) => {
    const user = await stored({ ...before, version: 7 })
    const changed = await within((tx) => change(tx, user))
    expect(changed.version).toBe(8)
    const messages = await told()
    expect(messages.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['user.snapshot.v1', 8],
      [fact, 8],
    ])
    expect(messages[0]?.data).toMatchObject({ role: changed.role, emailVerified: changed.email_verified })
  })

  it('is refused for what the actor may not do, and leaves nothing behind', async () => {
    const user = await stored({ role: 'admin' })
    const by = { kind: 'admin', id: user.id } as const
    const data = { userId: user.id, from: user.role, to: 'manager' as const, actorId: user.id }
    const change = within((tx) =>
      changeUser(tx, { action: 'changeRole', by, user, changes: { role: 'manager' }, data, now }),
    )
    await expect(change).rejects.toThrow(TypeError)
    expect(await told()).toEqual([])
    expect(await database.db.selectFrom('users').select(['role', 'version']).execute()).toEqual([
      { role: 'admin', version: 1 },
    ])
  })

  it('is refused for an account that was read before somebody else changed it', async () => {
    const user = await stored({ email_verified: false })
    const verify = () =>
      within((tx) => changeUser(tx, { action: 'verify', by: { kind: 'link' }, user, data: { userId: user.id }, now }))
    await verify()
    await expect(verify()).rejects.toThrow('no result')
    expect(await told()).toHaveLength(2)
  })
})

describe('making an account', () => {
  const account = (name: string) => {
    const { version: _, created_at: __, updated_at: ___, ...row } = aUser({ id: newId(), role: 'anonymous' })
    return { ...row, email: `${name}@example.org`, email_key: `${name}@example.org`, nickname: `${name}-panda` }
  }
  const make = (name: string, firstIsAdmin: boolean) =>
    within((tx) => newAccount(tx, { account: account(name), firstIsAdmin, now }))

  it('tells of the first one as the admin that it is, once for all time', async () => {
    expect((await make('ada', true)).role).toBe('admin')
    expect((await make('bob', true)).role).toBe('anonymous')
    const snapshots = (await told()).filter(({ type }) => type === 'user.snapshot.v1')
    expect(snapshots.map(({ sequence, data }) => [sequence, data.role])).toEqual([
      [1, 'admin'],
      [1, 'anonymous'],
    ])
  })

  it('takes the place of the first one also where that makes no admin', async () => {
    expect((await make('ada', false)).role).toBe('anonymous')
    expect((await make('bob', true)).role).toBe('anonymous')
  })
})
