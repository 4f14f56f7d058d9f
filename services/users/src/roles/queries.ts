import { sql, type Transaction } from 'kysely'
import { type User, userColumns } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'

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
