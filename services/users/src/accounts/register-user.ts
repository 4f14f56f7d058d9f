import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { UsersDatabase } from '../database/tables.ts'
import type { Links } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { storeLink } from '../links/queries.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'
import { weaknessOf } from '../passwords/password-rules.ts'
import { newAccount } from './change-user.ts'
import { emailKey } from './email-address.ts'
import { generateNickname } from './nickname.ts'
import type { User } from './tables.ts'

export interface RegisterUserDeps {
  transact: Transact<UsersDatabase>
  clock: Clock
  passwords: PasswordHasher
  links: Links
  verification: LinkPurpose
  firstUserIsAdmin: boolean
}

export interface RegisterUser {
  email: string
  password: string
  nickname?: string | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  locale: string
}

/** A generated nickname that is taken is drawn again; with tens of millions of names this never runs out. */
const NICKNAME_TRIES = 5

/**
 * Creates an account that waits for its address to be verified, and has the link mailed.
 *
 * @throws {DomainError} `EmailTaken`, `NicknameTaken`, `ValidationError` for a weak password, `Busy`
 */
export async function registerUser(deps: RegisterUserDeps, command: RegisterUser): Promise<User> {
  const weakness = weaknessOf(command.password, command)
  if (weakness) throw new DomainError('ValidationError', 'not accepted: password', { details: { password: weakness } })
  const passwordHash = await deps.passwords.hash(command.password)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createAccount(deps, { ...command, passwordHash })
    } catch (error) {
      const constraint = violatedUniqueConstraint(error)
      if (constraint === 'users_email_key') throw new DomainError('EmailTaken', 'an account with this address exists')
      if (constraint !== 'users_nickname_key') throw error
      if (command.nickname !== undefined) throw new DomainError('NicknameTaken', 'this nickname is taken')
      if (attempt === NICKNAME_TRIES) throw error
    }
  }
}

async function createAccount(
  { transact, clock, links, verification, firstUserIsAdmin }: RegisterUserDeps,
  command: RegisterUser & { passwordHash: string },
): Promise<User> {
  const now = clock.now()
  const id = newId()
  const link = await links.issue(verification, id, now)
  const account = {
    id,
    email: command.email,
    email_key: emailKey(command.email),
    nickname: command.nickname ?? generateNickname(),
    first_name: command.firstName ?? null,
    last_name: command.lastName ?? null,
    locale: command.locale,
    time_zone: 'UTC',
    role: 'anonymous' as const,
    password_hash: command.passwordHash,
  }
  return transact((tx) => {
    const also = (user: User) => storeLink(tx, user, { link, now })
    return newAccount(tx, { account, firstIsAdmin: firstUserIsAdmin, also, sealed: link.sealed, now })
  })
}
