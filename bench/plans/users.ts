import { randomBytes } from 'node:crypto'
import { days } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely, Transaction } from 'kysely'
import { changeUser, newAccount } from '../../services/users/src/accounts/change-user.ts'
import { findUserByEmail, lockUser, lockUsersAndAdmins } from '../../services/users/src/accounts/queries.ts'
import { migrations } from '../../services/users/src/database/migrations.ts'
import type { UsersDatabase } from '../../services/users/src/database/tables.ts'
import { isLinkUsable, storeLink, takeRequest, useLink } from '../../services/users/src/links/queries.ts'
import { listUsers, userSorts } from '../../services/users/src/people/list-users.ts'
import { findCaller, lockRefreshToken, markReplaced } from '../../services/users/src/sessions/queries.ts'
import { issueRefreshToken, openSession } from '../../services/users/src/sessions/session-tokens.ts'
import { verificationPurpose } from '../../services/users/src/verification/verification-purpose.ts'
import type { Planned } from './planned.ts'
import { fillTable, idAt, somewhere, sqlIdAt } from './rows.ts'

const purpose = verificationPurpose(days(1))

const fill = [
  fillTable('users', {
    ...{
      id: sqlIdAt('i'),
      email: `i || '@rollcall.test'`,
      email_key: `i || '@rollcall.test'`,
      nickname: `'user_' || i`,
    },
    ...{ locale: `'en'`, time_zone: `'UTC'`, role: `case when i % 100000 = 0 then 'admin' else 'authenticated' end` },
    ...{ email_verified: 'true', password_hash: `repeat('x', 60)`, created_at: 'now()', updated_at: 'now()' },
  }),
  fillTable('sessions', {
    ...{ id: sqlIdAt('i'), user_id: sqlIdAt('i'), created_at: 'now()', expires_at: `now() + interval '30 days'` },
  }),
  fillTable('refresh_tokens', { token_hash: 'sha256(i::text::bytea)', session_id: sqlIdAt('i'), created_at: 'now()' }),
  fillTable('link_tokens', {
    ...{ token_hash: 'sha256(i::text::bytea)', user_id: sqlIdAt('i'), purpose: `'${purpose.name}'` },
    ...{ email_key: `i || '@rollcall.test'`, created_at: 'now()', expires_at: `now() + interval '1 day'` },
  }),
  fillTable('link_requests', {
    ...{ id: sqlIdAt('i'), purpose: `'${purpose.name}'`, email_key: `i || '@rollcall.test'`, requested_at: 'now()' },
  }),
]

type Tx = Transaction<UsersDatabase>
const now = new Date()
const userId = idAt(somewhere)
const person = { id: userId, email_key: `${somewhere}@rollcall.test` }
const inTransaction = (work: (tx: Tx) => Promise<unknown>) => (db: Kysely<UsersDatabase>) =>
  db.transaction().execute(work)

async function signUp(tx: Tx): Promise<void> {
  const id = newId()
  const email = `${id}@rollcall.test`
  const role = 'anonymous' as const
  const named = { nickname: id, first_name: null, last_name: null, locale: 'en', time_zone: 'UTC' }
  const account = { id, email, email_key: email, ...named, role, password_hash: 'x' }
  const link = { purpose, tokenHash: randomBytes(32), expiresAt: now, sealed: 'x..x.x.x' }
  const also = () => storeLink(tx, account, { link, now })
  await newAccount(tx, { account, firstIsAdmin: false, also, sealed: 'x..x.x.x', now })
}

const client = { address: '192.0.2.1', device: null }
const life = { absoluteMs: days(30), idleMs: days(14) }

async function signIn(tx: Tx): Promise<void> {
  const user = await lockUser(tx, userId)
  if (!user) throw new TypeError('there is no such user')
  const sessionId = await openSession(tx, { userId, client, life, now })
  const changes = { last_login_at: now }
  await changeUser(tx, { action: 'signIn', by: { kind: 'anybody' }, user, changes, data: { userId, sessionId }, now })
  await issueRefreshToken(tx, sessionId, now)
}

async function refresh(tx: Tx): Promise<void> {
  const tokenHash = randomBytes(32)
  await lockRefreshToken(tx, tokenHash)
  await markReplaced(tx, tokenHash, now)
}

async function followLink(tx: Tx): Promise<void> {
  const tokenHash = randomBytes(32)
  await isLinkUsable(tx, { userId, purpose, tokenHash, now })
  await useLink(tx, person, { purpose, tokenHash, now })
}

const listOf = (filters: Parameters<typeof listUsers>[1]) => (db: Kysely<UsersDatabase>) =>
  listUsers(db, filters, { limit: 20 }).found
const all = { scope: 'all', sort: '-createdAt' } as const

/** As staff see accounts: each filter by itself, and each order. */
const lists = {
  'a list of users': listOf(all),
  'a list of users, for a manager': listOf({ ...all, scope: 'below' }),
  'a list of users by a part of their names': listOf({ ...all, q: '123456' }),
  'a list of users by a part that all have': listOf({ ...all, q: 'rollcall' }),
  'a list of users by a part of the nickname': listOf({ ...all, nickname: '_99999' }),
  'a list of admins': listOf({ ...all, role: 'admin' }),
  'a list of locked users': listOf({ ...all, status: 'locked' }),
  'a list of professionals': listOf({ ...all, status: 'professional' }),
  'a list of users by the day of their sign-up': listOf({ ...all, createdFrom: new Date(0), createdTo: now }),
  ...Object.fromEntries(
    userSorts.names.map((sort) => [`a list of users, sorted by ${sort}`, listOf({ scope: 'all', sort })]),
  ),
}

export const usersPlans: Planned<UsersDatabase> = {
  migrations,
  fill,
  statements: {
    'the account of an address': (db) => findUserByEmail(db, person.email_key),
    'a caller with their session': (db) => findCaller(db, userId, userId),
    'a sign-up': inTransaction(signUp),
    'a sign-in': inTransaction(signIn),
    'an exchange of a refresh token': inTransaction(refresh),
    'a link that is followed': inTransaction(followLink),
    'a link that was asked for': inTransaction((tx) => takeRequest(tx, [purpose.name])),
    ...lists,
    'two people and all admins': inTransaction((tx) => lockUsersAndAdmins(tx, [userId, idAt(1)])),
  },
}
