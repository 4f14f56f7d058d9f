import { emailKey } from '@rollcall/http/email-address'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import type { Links } from '../links/links.ts'
import type { LinkPurpose } from '../links/purpose.ts'
import { storeLink } from '../links/queries.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'
import { requireStrong } from '../passwords/password-rules.ts'
import { newAccount } from './change-user.ts'
import { noteSignUpAttempt } from './note-sign-up-attempt.ts'
import { type Profile, profileColumns } from './profile.ts'
import { findUserByNickname } from './queries.ts'
import type { User } from './tables.ts'
import { emailTaken, nicknameTaken, withNickname } from './with-nickname.ts'

export interface RegisterUserDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  passwords: PasswordHasher
  links: Links
  verification: LinkPurpose
  firstUserIsAdmin: boolean
  /** Whether a sign-up says that an address has an account; otherwise all answers are alike. */
  disclosesAccounts: boolean
}

export interface RegisterUser extends Profile {
  email: string
  password: string
  nickname?: string | undefined
  locale: string
}

/**
 * Creates an account that waits for its address to be verified, and has the link mailed.
 *
 * @returns undefined where nobody is to be told whether there is an account: there may have been one
 * @throws {DomainError} `EmailTaken`, `NicknameTaken`, `ValidationError` for a weak password, `Busy`
 */
export async function registerUser(deps: RegisterUserDeps, command: RegisterUser): Promise<User | undefined> {
  requireStrong('password', command.password, command)
  const passwordHash = await deps.passwords.hash(command.password)
  const user = await withNickname(command.nickname, (nickname) =>
    createAccount(deps, { ...command, nickname, passwordHash }),
  )
  if (user !== 'email-taken') return user
  if (deps.disclosesAccounts) throw emailTaken()
  await tellOwner(deps, command)
  return undefined
}

/** Which of the two is found taken first must not tell that both are. */
async function tellOwner({ db, transact, clock }: RegisterUserDeps, { email, nickname }: RegisterUser): Promise<void> {
  if (nickname !== undefined && (await findUserByNickname(db, nickname))) throw nicknameTaken()
  await transact((tx) => noteSignUpAttempt(tx, emailKey(email), clock.now()))
}

async function createAccount(
  { transact, clock, links, verification, firstUserIsAdmin, disclosesAccounts }: RegisterUserDeps,
  command: RegisterUser & { nickname: string; passwordHash: string },
): Promise<User | undefined> {
  const now = clock.now()
  const id = newId()
  const link = await links.issue(verification, id, { now })
  const account = {
    first_name: null,
    last_name: null,
    time_zone: 'UTC',
    ...profileColumns(command),
    id,
    email: command.email,
    email_key: emailKey(command.email),
    nickname: command.nickname,
    locale: command.locale,
    role: 'anonymous' as const,
    password_hash: command.passwordHash,
  }
  return transact(async (tx) => {
    const also = (user: User) => storeLink(tx, user, { link, now })
    const user = await newAccount(tx, { account, firstIsAdmin: firstUserIsAdmin, also, sealed: link.sealed, now })
    // What the transaction gives is what a repeated request is answered.
    return disclosesAccounts ? user : undefined
  })
}
