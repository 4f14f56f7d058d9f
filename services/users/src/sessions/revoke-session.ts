import { addMilliseconds, minutes } from '@rollcall/runtime/clock'
import type { Transaction } from 'kysely'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { User } from '../accounts/tables.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { ACCESS_TOKEN_MS, OPS_TOKEN_MS } from './access-token.ts'
import { endSession, listSessionsToEnd } from './queries.ts'
import type { SessionEnd } from './tables.ts'

/** Clocks of services differ, and a token is taken a little past its end. */
const CLOCKS_DIFFER_MS = minutes(2)

interface Revocation {
  userId: string
  sessionId: string
  reason: SessionEnd
  now: Date
}

/** Ends a session and tells every service. A session that has ended already stays as it is. */
export async function revokeSession(tx: Transaction<UsersDatabase>, { userId, ...end }: Revocation): Promise<void> {
  const user = await lockUser(tx, userId)
  if (user) await endOne(tx, user, end)
}

/**
 * Ends a person's sessions, all or all but one.
 *
 * @param user their row locked by this transaction
 * @returns the user with the version that the last end has raised
 */
export async function revokeSessions(
  tx: Transaction<UsersDatabase>,
  user: User,
  { except, ...end }: { except?: string | undefined; reason: SessionEnd; now: Date },
): Promise<User> {
  let last = user
  for (const sessionId of await listSessionsToEnd(tx, user.id, end.now)) {
    if (sessionId !== except) last = await endOne(tx, last, { sessionId, ...end })
  }
  return last
}

async function endOne(
  tx: Transaction<UsersDatabase>,
  user: User,
  { sessionId, reason, now }: Omit<Revocation, 'userId'>,
): Promise<User> {
  if (!(await endSession(tx, { sessionId, reason, now }))) return user
  // Services remember the end of a session until the last token of it, of whatever kind, would have ended by itself.
  const longest = Math.max(ACCESS_TOKEN_MS, OPS_TOKEN_MS)
  const expiresAt = addMilliseconds(now, longest + CLOCKS_DIFFER_MS).toISOString()
  const data = { sessionId, userId: user.id, expiresAt, reason }
  const by = { kind: reason === 'sign-out' ? 'owner' : 'system' } as const
  return changeUser(tx, { action: 'endSession', by, user, data, now })
}
