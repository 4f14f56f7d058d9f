import type { Role } from '@rollcall/contracts/roles'
import { columnsOf } from '@rollcall/database/columns'
import type { Generated, Selectable } from 'kysely'

export interface UsersTable {
  id: string
  /** Raised by every fact about the user; messages carry it as their sequence. */
  version: Generated<number>
  /** As it is answered and mailed to: the domain in ASCII form. */
  email: string
  /** What makes two addresses the same: all in lower case. */
  email_key: string
  nickname: string
  first_name: string | null
  last_name: string | null
  locale: string
  time_zone: string
  role: Role
  professional: Generated<boolean>
  operator: Generated<boolean>
  email_verified: Generated<boolean>
  locked: Generated<boolean>
  password_hash: string
  last_login_at: Date | null
  created_at: Date
  updated_at: Date
}

/** Holds one row at most: who signed up first. */
interface FirstAccountTable {
  singleton: Generated<boolean>
  user_id: string
}

export interface AccountTables {
  users: UsersTable
  first_account: FirstAccountTable
}

export type User = Selectable<UsersTable>

export const userColumns = columnsOf<User>({
  id: true,
  version: true,
  email: true,
  email_key: true,
  nickname: true,
  first_name: true,
  last_name: true,
  locale: true,
  time_zone: true,
  role: true,
  professional: true,
  operator: true,
  email_verified: true,
  locked: true,
  password_hash: true,
  last_login_at: true,
  created_at: true,
  updated_at: true,
})
