import { message } from '@rollcall/contracts/message'
import { UserLoggedIn } from '@rollcall/contracts/users'
import { appendToOutbox } from '@rollcall/outbox/append'
import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely, Transaction } from 'kysely'
import { lockUser, updateUser } from '../accounts/queries.ts'
import { accountActions, userSnapshot } from '../accounts/user.ts'
import type { User, UsersDatabase } from '../database/tables.ts'
import type { PasswordHasher } from '../passwords/hash-pool.ts'
import type { TokenSigner } from './access-token.ts'
import { type Credentials, checkCredentials, invalidCredentials } from './check-credentials.ts'
import { issueRefreshToken, openSession, type SessionTokens, toSessionTokens } from './session-tokens.ts'

export interface SignInDeps {
  db: Kysely<UsersDatabase>
  transact: Transact<UsersDatabase>
  clock: Clock
  passwords: PasswordHasher
  signer: TokenSigner
}

/**
 * Opens a session and gives its tokens.
 *
 * @throws {DomainError} as {@link checkCredentials}
 */
export async function signIn(deps: SignInDeps, credentials: Credentials): Promise<SessionTokens & { user: User }> {
  const opened = await openSignedInSession(deps, { credentials, also: issueRefreshToken })
  const tokens = await toSessionTokens(deps.signer, { ...opened, refreshToken: opened.result })
  return { ...tokens, user: opened.user }
}

interface SignInHow<Result> {
  credentials: Credentials
  /** Throws for somebody who may sign in elsewhere but not here. */
  require?(user: User): void
  /** Done in the same transaction. */
  also?(tx: Transaction<UsersDatabase>, sessionId: string, now: Date): Promise<Result>
}

interface SignedIn<Result> {
  user: User
  sessionId: string
  issuedAt: Date
  result: Result
}

/**
 * Opens a session for whoever knows the password, notes when, and tells of it: the same for an API and for a browser.
 *
 * @throws {DomainError} as {@link checkCredentials}
 */
export async function openSignedInSession<Result = undefined>(
  deps: SignInDeps,
  { credentials, require, also }: SignInHow<Result>,
): Promise<SignedIn<Result>> {
  const checked = await checkCredentials(deps, credentials)
  require?.(checked)
  const now = deps.clock.now()
  return deps.transact(async (tx) => {
    const locked = await lockUser(tx, checked.id)
    // Hashing takes long enough for a lock or a new password to have come in between.
    const stillGood = locked && accountActions.signIn.allowed(locked) && locked.password_hash === checked.password_hash
    if (!stillGood) throw invalidCredentials()
    const user = await updateUser(tx, checked.id, { last_login_at: now, updated_at: locked.updated_at })
    const sessionId = await openSession(tx, { userId: user.id, now })
    const fact = message(UserLoggedIn, { data: { userId: user.id, sessionId }, sequence: user.version, at: now })
    await appendToOutbox(tx, userSnapshot(user, now), fact)
    return { user, sessionId, issuedAt: now, result: (await also?.(tx, sessionId, now)) as Result }
  })
}
