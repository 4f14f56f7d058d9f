import { addMilliseconds, minutes } from '@rollcall/runtime/clock'
import type { Transaction } from 'kysely'
import { changeUser } from '../accounts/change-user.ts'
import { lockUser } from '../accounts/queries.ts'
import type { UsersDatabase } from '../database/tables.ts'
import { ACCESS_TOKEN_MS, OPS_TOKEN_MS } from './access-token.ts'
import { endSession } from './queries.ts'

/** Clocks of services differ, and a token is taken a little past its end. */
const CLOCKS_DIFFER_MS = minutes(2)

interface Revocation {
  userId: string
  sessionId: string
  reason: 'reuse' | 'sign-out'
  now: Date
}

/** Ends a session and tells every service. A session that has ended already stays as it is. */
export async function revokeSession(tx: Transaction<UsersDatabase>, { userId, sessionId, reason, now }: Revocation) {
  const user = await lockUser(tx, userId)
  if (!user || !(await endSession(tx, { sessionId, reason, now }))) return
  // Services remember the end of a session until the last token of it, of whatever kind, would have ended by itself.
  const longest = Math.max(ACCESS_TOKEN_MS, OPS_TOKEN_MS)
  const expiresAt = addMilliseconds(now, longest + CLOCKS_DIFFER_MS).toISOString()
  const data = { sessionId, userId, expiresAt, reason }
  const by = { kind: reason === 'reuse' ? 'system' : 'owner' } as const
  await changeUser(tx, { action: 'endSession', by, user, data, now })
}
