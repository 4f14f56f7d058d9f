import type { DataOf } from '@rollcall/contracts/define'
import { message, type OutgoingMessage, tombstone } from '@rollcall/contracts/message'
import { UserRegistered, UserSnapshot } from '@rollcall/contracts/users'
import { appendToOutbox } from '@rollcall/outbox/append'
import { type Insertable, sql, type Transaction } from 'kysely'
import { appendAudit } from '../audit/append-audit.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { type ActionName, type Actor, type accountActions, actionOf, mayAct, type Staff } from './account-actions.ts'
import { auditEntryOf } from './audit-change.ts'
import { claimFirstAccount } from './queries.ts'
import { type User, type UsersTable, userColumns } from './tables.ts'

/** Members of an account that an action may change beside what it always changes. */
type Changes = Partial<Omit<User, 'id' | 'version' | 'edit' | 'created_at' | 'updated_at'>>

interface UserChange<Name extends ActionName> {
  action: Name
  by: Actor
  /** As it is now, its row locked by this transaction. */
  user: User
  changes?: Changes
  /** What the action's fact tells. */
  data: DataOf<(typeof accountActions)[Name]['fact']>
  /** Why staff have done it, for the audit log. */
  reason?: string | undefined
  now: Date
}

/**
 * The one way to change an account: raises its version, and writes its snapshot and the action's fact. So nobody forgets
 * the snapshot, or tells of an older version; and what staff do leaves its row in the audit log.
 *
 * @throws {TypeError} for what this actor may not do to the account: whoever calls has to have refused by then
 */
export async function changeUser<Name extends ActionName>(
  tx: Transaction<UsersDatabase>,
  { action, by, user, changes = {}, data, reason, now }: UserChange<Name>,
): Promise<User> {
  const { change, edits, fact } = actionOf(action)
  if (!mayAct(action, user, by)) throw new TypeError(`${action} by ${by.kind} is not allowed for this account`)
  const changed = await tx
    .updateTable('users')
    .set({
      ...changes,
      ...change?.(user),
      ...(edits ? { updated_at: now, edit: sql<number>`edit + 1` } : {}),
      version: sql`version + 1`,
    })
    .where('id', '=', user.id)
    .where('version', '=', user.version)
    .returning(userColumns)
    .executeTakeFirstOrThrow()
  if ('id' in by) await appendAudit(tx, auditEntryOf({ action, by, before: user, after: changed, reason, at: now }))
  const told = message(fact, { data, sequence: changed.version, at: now })
  await appendToOutbox(tx, snapshotOf(changed, now), told)
  return changed
}

export interface NewAccount {
  account: Omit<Insertable<UsersTable>, 'version' | 'edit' | 'created_at' | 'updated_at'>
  /** The first account of all becomes an admin; otherwise it only takes that place. */
  firstIsAdmin: boolean
  /** What comes after the account's row and before what is told of it. */
  also?(user: User): Promise<void>
  /** Missing where they have signed up themselves. */
  by?: 'command' | Staff
  /** A link that is mailed; missing where nothing has to be verified. */
  sealed?: string | undefined
  now: Date
}

/** The one way to make an account, with its snapshot and `user.registered`. */
export async function newAccount(tx: Transaction<UsersDatabase>, made: NewAccount): Promise<User> {
  const { account, firstIsAdmin, also, by, sealed, now } = made
  const row = { ...account, created_at: now, updated_at: now }
  let user = await tx.insertInto('users').values(row).returning(userColumns).executeTakeFirstOrThrow()
  const isFirst = await claimFirstAccount(tx, user.id)
  if (isFirst && firstIsAdmin) user = await makeAdmin(tx, user.id)
  await also?.(user)
  const data = { userId: user.id, ...makerOf(by), ...(sealed === undefined ? {} : { sealed }) }
  await noteMaker(tx, { user, by, at: now })
  const registered = message(UserRegistered, { data, sequence: user.version, at: now })
  await appendToOutbox(tx, snapshotOf(user, now), registered)
  return user
}

function makerOf(by: NewAccount['by']): Pick<DataOf<typeof UserRegistered>, 'madeBy' | 'actorId'> {
  if (by === undefined) return {}
  return by === 'command' ? { madeBy: by } : { madeBy: 'staff', actorId: by.id }
}

async function noteMaker(
  tx: Transaction<UsersDatabase>,
  { user, by, at }: { user: User; by: NewAccount['by']; at: Date },
): Promise<void> {
  if (by === 'command') {
    const after = { role: user.role }
    const target = { type: 'user', id: user.id }
    await appendAudit(tx, { actor: { kind: by, id: null }, action: 'create', target, after, at })
  } else if (by) {
    await appendAudit(tx, auditEntryOf({ action: 'create', by, before: undefined, after: user, reason: undefined, at }))
  }
}

/** Part of an account's creation, which is one change: the version stays. */
function makeAdmin(tx: Transaction<UsersDatabase>, id: string): Promise<User> {
  return tx
    .updateTable('users')
    .set({ role: 'admin' })
    .where('id', '=', id)
    .returning(userColumns)
    .executeTakeFirstOrThrow()
}

/** The user's present state for other services, with the version that the last fact raised; a tombstone for an erased one. */
function snapshotOf(user: User, at: Date): OutgoingMessage {
  if (user.erased_at) return tombstone(UserSnapshot, { id: user.id, sequence: user.version, at })
  const data: DataOf<typeof UserSnapshot> = {
    userId: user.id,
    nickname: user.nickname,
    email: user.email,
    firstName: user.first_name,
    lastName: user.last_name,
    locale: user.locale,
    timeZone: user.time_zone,
    role: user.role,
    professional: user.professional,
    operator: user.operator,
    emailVerified: user.email_verified,
    locked: user.locked,
  }
  return message(UserSnapshot, { data, sequence: user.version, at })
}
