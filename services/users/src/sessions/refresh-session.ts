import { DomainError } from '@rollcall/http/errors'
import type { Transact } from '@rollcall/outbox/transact'
import { addMilliseconds, type Clock, seconds } from '@rollcall/runtime/clock'
import type { Transaction } from 'kysely'
import { mayAct } from '../accounts/account-actions.ts'
import { findUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import type { TokenSigner } from './access-token.ts'
import { type Client, lockRefreshToken, markReplaced, noteUse } from './queries.ts'
import { revokeSession } from './revoke-session.ts'
import {
  hashRefreshToken,
  issueRefreshToken,
  type SessionLife,
  type SessionTokens,
  toSessionTokens,
} from './session-tokens.ts'

interface Deps {
  transact: Transact<UsersDatabase>
  clock: Clock
  signer: TokenSigner
  sessionLife: SessionLife
}

/** A browser that sent a token twice by accident is no thief: within this time a second use is refused and no more. */
const REUSE_GRACE_MS = seconds(10)

interface Successor {
  user: User
  sessionId: string
  refreshToken: string
}

/**
 * Exchanges a refresh token for its successor. One that was exchanged before has been stolen from somebody: its whole
 * session ends.
 *
 * @throws {DomainError} `InvalidToken`, whatever is wrong with the token
 */
export async function refreshSession(
  { transact, clock, signer, sessionLife }: Deps,
  { token, client }: { token: string; client: Client },
): Promise<SessionTokens> {
  const now = clock.now()
  const exchanged = { tokenHash: hashRefreshToken(token), client, idleMs: sessionLife.idleMs, now }
  // The end of a session has to commit although the answer is an error, so the refusal is thrown after the transaction.
  const successor = await transact((tx) => exchange(tx, exchanged))
  if (!successor) throw new DomainError('InvalidToken', 'the refresh token is not valid; sign in again')
  return toSessionTokens(signer, { ...successor, issuedAt: now })
}

interface Exchange {
  tokenHash: Buffer
  client: Client
  idleMs: number
  now: Date
}

async function exchange(
  tx: Transaction<UsersDatabase>,
  { tokenHash, client, idleMs, now }: Exchange,
): Promise<Successor | undefined> {
  const found = await lockRefreshToken(tx, tokenHash)
  if (!found || found.ended_at || found.expires_at <= now) return undefined
  if (addMilliseconds(found.last_used_at, idleMs) <= now) return undefined
  const { session_id: sessionId, user_id: userId } = found
  if (found.replaced_at) {
    const stolen = now.getTime() - found.replaced_at.getTime() > REUSE_GRACE_MS
    if (stolen) await revokeSession(tx, { userId, sessionId, reason: 'reuse', now })
    return undefined
  }
  const user = await findUser(tx, userId)
  // Who could not sign in now does not go on either.
  if (!user || !mayAct('signIn', user, { kind: 'anybody' })) return undefined
  await markReplaced(tx, tokenHash, now)
  await noteUse(tx, { sessionId, client, now })
  return { user, sessionId, refreshToken: await issueRefreshToken(tx, sessionId, now) }
}
