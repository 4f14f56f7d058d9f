import { createHmac } from 'node:crypto'
import { emailKey } from '@rollcall/http/email-address'
import { DomainError } from '@rollcall/http/errors'
import type { Clock } from '@rollcall/runtime/clock'
import { deriveId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import { findUserByEmail } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { addStranger, type Guessed } from '../lockouts/guess-queries.ts'
import type { Guess } from '../lockouts/sign-in-guard.ts'
import { findTrustedBrowser } from '../lockouts/trusted-browser.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'

export interface CredentialDeps {
  db: Kysely<UsersDatabase>
  clock: Clock
  passwords: PasswordHasher
  guess: Guess
  /** Keys the ids under which guesses at unknown addresses are counted: whoever reads them learns no address. */
  strangersKey: string
}

export interface Credentials {
  email: string
  password: string
  /** The request's `Cookie` header: a trusted browser is not locked out by what others guess. */
  cookies: string | undefined
}

/**
 * The account that the credentials open.
 *
 * @throws {DomainError} `InvalidCredentials`, alike and after the same work for an unknown address, a wrong password, a
 *   lockout and a locked account; `EmailNotVerified` to whoever knows the password of an unverified one; `Busy`.
 */
export async function checkCredentials(deps: CredentialDeps, credentials: Credentials): Promise<User> {
  const { db, passwords, guess } = deps
  const { user, right } = await passwords.withPlace(async ({ matches }) => {
    const found = await findUserByEmail(db, emailKey(credentials.email))
    const guessed = await guessedBy(deps, found, credentials)
    const compare = (counts: boolean) => matches(credentials.password, counts ? found?.password_hash : undefined)
    return { user: found, right: await guess(guessed, compare) }
  })
  if (!user || !right || user.locked) throw invalidCredentials()
  if (!user.email_verified) {
    throw new DomainError('EmailNotVerified', 'verify your address first: the link is in your mailbox', {
      links: { 'resend-verification': { href: '/auth/resend-verification' } },
    })
  }
  return user
}

/** Where nobody can sign in, guesses are counted as if somebody could. */
async function guessedBy(
  { db, clock, strangersKey }: CredentialDeps,
  user: User | undefined,
  { email, cookies }: Credentials,
): Promise<Guessed> {
  const now = clock.now()
  if (user && !user.locked) {
    const browser = await findTrustedBrowser(db, { userId: user.id, cookies, now })
    return browser === undefined ? { table: 'users', id: user.id } : { table: 'trusted_browsers', id: browser }
  }
  const address = emailKey(email) || email
  const id = deriveId('stranger', createHmac('sha256', strangersKey).update(address).digest('base64'))
  await addStranger(db, id, now)
  return { table: 'stranger_guesses', id }
}

export function invalidCredentials(): DomainError {
  return new DomainError('InvalidCredentials', 'the address or the password is wrong', {
    headers: { 'www-authenticate': 'Bearer' },
  })
}
