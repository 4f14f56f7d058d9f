import type { Transact } from '@rollcall/outbox/transact'
import type { Transaction } from 'kysely'
import { mayAct } from '../accounts/account-actions.ts'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { TokenSigner } from './access-token.ts'
import { type CredentialDeps, type Credentials, checkCredentials, invalidCredentials } from './check-credentials.ts'
import type { Client } from './queries.ts'
import {
  issueRefreshToken,
  openSession,
  type SessionLife,
  type SessionTokens,
  toSessionTokens,
} from './session-tokens.ts'

export interface SignInDeps extends CredentialDeps {
  transact: Transact<UsersDatabase>
  signer: TokenSigner
  sessionLife: SessionLife
}

export interface SignIn extends Credentials {
  client: Client
}

/**
 * Opens a session and gives its tokens.
 *
 * @throws {DomainError} as {@link checkCredentials}
 */
export async function signIn(deps: SignInDeps, request: SignIn): Promise<SessionTokens & { user: User }> {
  const opened = await openSignedInSession(deps, { request, also: issueRefreshToken })
  const tokens = await toSessionTokens(deps.signer, { ...opened, refreshToken: opened.result })
  return { ...tokens, user: opened.user }
}

interface SignInHow<Result> {
  request: SignIn
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
  { request, require, also }: SignInHow<Result>,
): Promise<SignedIn<Result>> {
  const checked = await checkCredentials(deps, request)
  require?.(checked)
  const rehashed = await rehash(deps, checked, request.password)
  const now = deps.clock.now()
  const by = { kind: 'anybody' } as const
  return deps.transact(async (tx) => {
    const locked = await lockUser(tx, checked.id)
    // Hashing takes long enough for a lock or a new password to have come in between.
    const stillGood = locked && mayAct('signIn', locked, by) && locked.password_hash === checked.password_hash
    if (!stillGood) throw invalidCredentials()
    const { client } = request
    const sessionId = await openSession(tx, { userId: locked.id, client, life: deps.sessionLife, now })
    const data = { userId: locked.id, sessionId }
    const changes = { last_login_at: now, ...rehashed }
    const user = await changeUser(tx, { action: 'signIn', by, user: locked, changes, data, now })
    return { user, sessionId, issuedAt: now, result: (await also?.(tx, sessionId, now)) as Result }
  })
}

/** Only now is the password known: a hash that took less work than today's is made anew. */
async function rehash({ passwords }: SignInDeps, { password_hash: stored }: User, password: string) {
  if (stored === null || !passwords.isOutdated(stored)) return {}
  return { password_hash: await passwords.hash(password) }
}
