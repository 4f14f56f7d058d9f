import type { Transact } from '@rollcall/outbox/transact'
import type { Clock } from '@rollcall/runtime/clock'
import type { Kysely, Transaction } from 'kysely'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
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
  const by = { kind: 'anybody' } as const
  return deps.transact(async (tx) => {
    const locked = await lockUser(tx, checked.id)
    // Hashing takes long enough for a lock or a new password to have come in between.
    const stillGood = locked && mayAct('signIn', locked, by) && locked.password_hash === checked.password_hash
    if (!stillGood) throw invalidCredentials()
    const sessionId = await openSession(tx, { userId: locked.id, now })
    const data = { userId: locked.id, sessionId }
    const changes = { last_login_at: now }
    const user = await changeUser(tx, { action: 'signIn', by, user: locked, changes, data, now })
    return { user, sessionId, issuedAt: now, result: (await also?.(tx, sessionId, now)) as Result }
  })
}
