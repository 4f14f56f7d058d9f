import { type Insertable, type Kysely, sql, type Transaction } from 'kysely'
import type { User, UsersDatabase, UsersTable } from '../database/tables.ts'

export function insertUser(tx: Transaction<UsersDatabase>, user: Insertable<UsersTable>): Promise<User> {
  return tx.insertInto('users').values(user).returningAll().executeTakeFirstOrThrow()
}

export function findUser(db: Kysely<UsersDatabase>, id: string): Promise<User | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findUserByEmail(db: Kysely<UsersDatabase>, emailKey: string): Promise<User | undefined> {
  return db.selectFrom('users').selectAll().where('email_key', '=', emailKey).executeTakeFirst()
}

/** The user, locked until the transaction ends: actions on one account happen one after another. */
export function lockUser(tx: Transaction<UsersDatabase>, id: string): Promise<User | undefined> {
  return tx.selectFrom('users').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Takes the place of the first account, once for all time; waits for another transaction that is about to. */
export async function claimFirstAccount(tx: Transaction<UsersDatabase>, userId: string): Promise<boolean> {
  const { rows } = await sql`
    insert into first_account (user_id)
    select ${userId}::uuid where not exists (select from users where id <> ${userId}::uuid)
    on conflict do nothing returning singleton`.execute(tx)
  return rows.length === 1
}

/** Changes a user and raises the version: every write to a user goes through here, so that messages keep their order. */
export async function updateUser(
  tx: Transaction<UsersDatabase>,
  id: string,
  changes: Partial<Omit<User, 'id' | 'version' | 'created_at'>> & { updated_at: Date },
): Promise<User> {
  return tx
    .updateTable('users')
    .set({ ...changes, version: sql`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Part of an account's creation, which is one change: the version stays. */
export function updateRoleOfNew(tx: Transaction<UsersDatabase>, id: string, role: User['role']): Promise<User> {
  return tx.updateTable('users').set({ role }).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}
