import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { emailKey } from '@rollcall/http/email-address'
import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { UsersDatabase } from '../database/tables.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'
import { requireStrong } from '../passwords/password-rules.ts'
import { newAccount } from './change-user.ts'
import { generateNickname } from './nickname.ts'
import type { User } from './tables.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
  passwords: PasswordHasher
}

/**
 * Creates a verified admin: whoever may run commands on the machine needs no link in a mailbox.
 *
 * @throws {DomainError} `EmailTaken`, `ValidationError` for a weak password
 */
export async function createAdmin(
  { transact, clock, passwords }: Deps,
  { email, password }: { email: string; password: string },
): Promise<User> {
  requireStrong('password', password, { email })
  const account = {
    id: newId(),
    email,
    email_key: emailKey(email),
    nickname: generateNickname(),
    first_name: null,
    last_name: null,
    locale: 'en',
    time_zone: 'UTC',
    role: 'admin' as const,
    email_verified: true,
    password_hash: await passwords.hash(password),
  }
  try {
    // Where the first to sign up becomes admin, that place is then taken.
    return await transact((tx) => newAccount(tx, { account, firstIsAdmin: false, by: 'command', now: clock.now() }))
  } catch (error) {
    if (violatedUniqueConstraint(error) !== 'users_email_key') throw error
    throw new DomainError('EmailTaken', `an account with the address ${email} exists`)
  }
}
