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
import type { VerificationLinks } from '../verification/verification-link.ts'
import { emailKey } from './email-address.ts'
import { generateNickname } from './nickname.ts'
import { claimFirstAccount, insertUser, updateRoleOfNew } from './queries.ts'
import { userSnapshot } from './user.ts'

export interface RegisterUserDeps {
  transact: Transact<UsersDatabase>
  clock: Clock
  passwords: PasswordHasher
  verificationLinks: VerificationLinks
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
  { transact, clock, verificationLinks, firstUserIsAdmin }: RegisterUserDeps,
  command: RegisterUser & { passwordHash: string },
): Promise<User> {
  const now = clock.now()
  const id = newId()
  const link = await verificationLinks.create(id, now)
  return transact(async (tx) => {
    let user = await insertUser(tx, {
      id,
      email: command.email,
      email_key: emailKey(command.email),
      nickname: command.nickname ?? generateNickname(),
      first_name: command.firstName ?? null,
      last_name: command.lastName ?? null,
      locale: command.locale,
      time_zone: 'UTC',
      role: 'anonymous',
      password_hash: command.passwordHash,
      created_at: now,
      updated_at: now,
    })
    if (firstUserIsAdmin && (await claimFirstAccount(tx, id))) user = await updateRoleOfNew(tx, id, 'admin')
    await verificationLinks.store(tx, { link, user })
    const registered = message(UserRegistered, {
      data: { userId: id, sealed: link.sealed },
      sequence: user.version,
      at: now,
    })
    await appendToOutbox(tx, userSnapshot(user, now), registered)
    return user
  })
}
