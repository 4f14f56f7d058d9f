import { message } from '@rollcall/contracts/message'
import { UserRegistered } from '@rollcall/contracts/users'
import { violatedUniqueConstraint } from '@rollcall/database/errors'
import { DomainError } from '@rollcall/http/errors'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { User, UsersDatabase } from '../database/tables.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'
import { weaknessOf } from '../passwords/password-rules.ts'
import { emailKey } from './email-address.ts'
import { generateNickname } from './nickname.ts'
import { claimFirstAccount, insertUser } from './queries.ts'
import { userSnapshot } from './user.ts'

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
  const weakness = weaknessOf(password, { email })
  if (weakness) throw new DomainError('ValidationError', `password ${weakness}`)
  const passwordHash = await passwords.hash(password)
  const now = clock.now()
  const id = newId()
  const account = {
    id,
    email,
    email_key: emailKey(email),
    nickname: generateNickname(),
    first_name: null,
    last_name: null,
    locale: 'en',
    time_zone: 'UTC',
    role: 'admin' as const,
    email_verified: true,
    password_hash: passwordHash,
    created_at: now,
    updated_at: now,
  }
  try {
    return await transact(async (tx) => {
      const user = await insertUser(tx, account)
      // Where the first to sign up becomes admin, that place is now taken.
      await claimFirstAccount(tx, id)
      const fact = message(UserRegistered, { data: { userId: id }, sequence: user.version, at: now })
      await appendToOutbox(tx, userSnapshot(user, now), fact)
      return user
    })
  } catch (error) {
    if (violatedUniqueConstraint(error) !== 'users_email_key') throw error
    throw new DomainError('EmailTaken', `an account with the address ${email} exists`)
  }
}
