import type { Role } from '@rollcall/contracts/roles'
import { anywhere } from '@rollcall/database/text-search'
import { findPage, type PageRequest } from '@rollcall/http/paging'
import { type Sort, sortsOf } from '@rollcall/http/sorting'
import { type Kysely, sql } from 'kysely'
import { type User, userColumns } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'

export const userStatuses = ['locked', 'verified', 'unverified', 'professional'] as const

export interface UserFilters {
  /** Part of the address, the nickname or a name, whatever the case. */
  q?: string | undefined
  email?: string | undefined
  nickname?: string | undefined
  role?: Role | undefined
  status?: (typeof userStatuses)[number] | undefined
  createdFrom?: Date | undefined
  createdTo?: Date | undefined
  lastLoginFrom?: Date | undefined
  lastLoginTo?: Date | undefined
}

const id = sql.ref('users.id')
const idOf = (user: User) => user.id

/** Who has never signed in comes before everybody who has. */
const NEVER = '0001-01-01T00:00:00.000Z'

/** As its index has it: by the plain column the index would not be found. */
const lastLogin = sql<Date>`coalesce(last_login_at, timestamptz '0001-01-01T00:00:00Z')`

const ascending: Sort<User>[] = [
  {
    ...{ name: 'createdAt', column: sql.ref('users.created_at'), kind: 'time', id, idOf },
    value: (user) => user.created_at,
  },
  {
    ...{ name: 'lastLoginAt', kind: 'time', id, idOf },
    column: lastLogin,
    value: (user) => user.last_login_at ?? new Date(NEVER),
  },
  {
    ...{ name: 'nickname', column: sql`lower(nickname)`, kind: 'text', id, idOf },
    value: (user) => user.nickname.toLowerCase(),
  },
  {
    ...{ name: 'email', column: sql.ref('users.email_key'), kind: 'text', id, idOf },
    value: (user) => user.email_key,
  },
]

export const userSorts = sortsOf(ascending)

/** Users whom the filters describe and the scope reaches, without those who are erased. */
export function listUsers(
  db: Kysely<UsersDatabase>,
  filters: UserFilters & { scope: 'below' | 'all'; sort: string },
  request: PageRequest,
) {
  const sort = userSorts.named(filters.sort)
  const select = (query: ReturnType<typeof filtered>) => query.select(userColumns)
  return { sort, found: findPage({ db, filtered: filtered(db, filters), select, sort }, request) }
}

function filtered(db: Kysely<UsersDatabase>, { scope, ...filters }: UserFilters & { scope: 'below' | 'all' }) {
  const { q, email, nickname, role, status, createdFrom, createdTo, lastLoginFrom, lastLoginTo } = filters
  // One index of trigrams finds all that is searched for by a part of it; the column itself then decides.
  const parts = [q, email, nickname].filter((part) => part !== undefined)
  return db
    .selectFrom('users')
    .where('erased_at', 'is', null)
    .$if(scope === 'below', (query) => query.where('role', 'in', ['anonymous', 'authenticated', 'organizer']))
    .$if(parts.length > 0, (query) =>
      query.where((where) => where.and(parts.map((part) => where(sql<string>`search`, 'like', anywhere(part))))),
    )
    .$if(email !== undefined, (query) => query.where('email_key', 'like', anywhere(email ?? '')))
    .$if(nickname !== undefined, (query) => query.where(sql<string>`lower(nickname)`, 'like', anywhere(nickname ?? '')))
    .$if(role !== undefined, (query) => query.where('role', '=', role as Role))
    .$if(status === 'locked', (query) => query.where('locked', '=', sql.lit(true)))
    .$if(status === 'verified', (query) => query.where('email_verified', '=', sql.lit(true)))
    .$if(status === 'unverified', (query) => query.where('email_verified', '=', sql.lit(false)))
    .$if(status === 'professional', (query) => query.where('professional', '=', sql.lit(true)))
    .$if(createdFrom !== undefined, (query) => query.where('created_at', '>=', createdFrom as Date))
    .$if(createdTo !== undefined, (query) => query.where('created_at', '<', createdTo as Date))
    .$if(lastLoginFrom !== undefined, (query) => query.where(lastLogin, '>=', lastLoginFrom as Date))
    .$if(lastLoginTo !== undefined, (query) =>
      query.where(lastLogin, '>', new Date(NEVER)).where(lastLogin, '<', lastLoginTo as Date),
    )
}
