import type { Role } from '@rollcall/contracts/roles'
import { emailKey } from '@rollcall/http/email-address'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Staff } from '../accounts/account-actions.ts'
import { newAccount } from '../accounts/change-user.ts'
import { type Profile, profileColumns } from '../accounts/profile.ts'
import type { User } from '../accounts/tables.ts'
import { emailTaken, withNickname } from '../accounts/with-nickname.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { Links } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { storeLink } from '../links/queries.ts'

export interface CreateUserDeps {
  transact: Transact<UsersDatabase>
  clock: Clock
  links: Links
  setPassword: LinkPurpose
}

export interface CreateUser extends Profile {
  email: string
  nickname?: string | undefined
  role?: Role | undefined
}

/**
 * An account for somebody else, without a password: its owner is mailed a link to choose one, which verifies the address.
 *
 * @throws {DomainError} `Forbidden` for a manager who gives a role; `EmailTaken`, `NicknameTaken`
 */
export async function createUser(deps: CreateUserDeps, by: Staff, wanted: CreateUser): Promise<User> {
  if (wanted.role !== undefined && by.kind !== 'admin') {
    throw new DomainError('Forbidden', 'only admins give roles')
  }
  const user = await withNickname(wanted.nickname, (nickname) => insert(deps, by, { ...wanted, nickname }))
  if (user === 'email-taken') throw emailTaken()
  return user
}

async function insert(
  { transact, clock, links, setPassword }: CreateUserDeps,
  by: Staff,
  wanted: CreateUser & { nickname: string },
) {
  const now = clock.now()
  const id = newId()
  const link = await links.issue(setPassword, id, { now })
  const account = {
    first_name: null,
    last_name: null,
    locale: 'en',
    time_zone: 'UTC',
    ...profileColumns(wanted),
    id,
    email: wanted.email,
    email_key: emailKey(wanted.email),
    nickname: wanted.nickname,
    // Verifying lifts `anonymous`; another role waits, as it is of no use before.
    role: wanted.role === undefined || wanted.role === 'authenticated' ? ('anonymous' as const) : wanted.role,
    password_hash: null,
  }
  return transact((tx) => {
    const also = (user: User) => storeLink(tx, user, { link, now })
    return newAccount(tx, { account, firstIsAdmin: false, also, by, sealed: link.sealed, now })
  })
}
