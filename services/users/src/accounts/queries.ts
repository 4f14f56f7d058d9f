import { type Kysely, sql, type Transaction } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { type User, userColumns } from './tables.ts'

export function findUser(db: Kysely<UsersDatabase>, id: string): Promise<User | undefined> {
  return db.selectFrom('users').select(userColumns).where('id', '=', id).executeTakeFirst()
}

export function findUserByEmail(db: Kysely<UsersDatabase>, emailKey: string): Promise<User | undefined> {
  return db.selectFrom('users').select(userColumns).where('email_key', '=', emailKey).executeTakeFirst()
}

/** By what everybody may call them, whatever the case. */
export function findUserByNickname(db: Kysely<UsersDatabase>, nickname: string): Promise<User | undefined> {
  return db
    .selectFrom('users')
    .select(userColumns)
    .where(sql`lower(nickname)`, '=', nickname.toLowerCase())
    .where('erased_at', 'is', null)
    .executeTakeFirst()
}

/** The user, locked until the transaction ends: actions on one account happen one after another. */
export function lockUser(tx: Transaction<UsersDatabase>, id: string): Promise<User | undefined> {
  return tx.selectFrom('users').select(userColumns).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** These users, locked in one order. */
export function lockUsers(tx: Transaction<UsersDatabase>, ids: string[]): Promise<User[]> {
  return tx.selectFrom('users').select(userColumns).where('id', 'in', ids).orderBy('id').forUpdate().execute()
}

/** These users and all admins (found by an index of their own), locked in one order: two demotions at once happen one after the other. */
export function lockUsersAndAdmins(tx: Transaction<UsersDatabase>, ids: string[]): Promise<User[]> {
  return tx
    .selectFrom('users')
    .select(userColumns)
    .where((where) => where.or([where('id', 'in', ids), where('role', '=', sql.lit('admin'))]))
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Takes the place of the first account, once for all time; waits for another transaction that is about to. */
export async function claimFirstAccount(tx: Transaction<UsersDatabase>, userId: string): Promise<boolean> {
  const { rows } = await sql`
    insert into first_account (user_id)
    select ${userId}::uuid where not exists (select from users where id <> ${userId}::uuid)
    on conflict do nothing returning singleton`.execute(tx)
  return rows.length === 1
}
