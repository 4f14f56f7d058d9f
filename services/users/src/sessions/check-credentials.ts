import { DomainError } from '@rollcall/http/errors'
import type { Kysely } from 'kysely'
import { emailKey } from '../accounts/email-address.ts'
import { findUserByEmail } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'

interface Deps {
  db: Kysely<UsersDatabase>
  passwords: PasswordHasher
}

export interface Credentials {
  email: string
  password: string
}

/**
 * The account that the credentials open.
 *
 * @throws {DomainError} `InvalidCredentials`, alike and after the same work for an unknown address, a wrong password and
 *   a locked account; `EmailNotVerified` to whoever knows the password of an unverified one; `Busy`.
 */
export async function checkCredentials({ db, passwords }: Deps, { email, password }: Credentials): Promise<User> {
  const user = await findUserByEmail(db, emailKey(email))
  const matches = await passwords.matches(password, user?.password_hash)
  if (!user || !matches || user.locked) throw invalidCredentials()
  if (!user.email_verified) {
    throw new DomainError('EmailNotVerified', 'verify your address first: the link is in your mailbox', {
      links: { 'resend-verification': { href: '/auth/resend-verification' } },
    })
  }
  return user
}

export function invalidCredentials(): DomainError {
  return new DomainError('InvalidCredentials', 'the address or the password is wrong', {
    headers: { 'www-authenticate': 'Bearer' },
  })
}
