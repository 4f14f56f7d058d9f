import { noContent, ok } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { implement, type Route } from '@rollcall/http/operation'
import { addMilliseconds } from '@rollcall/runtime/clock'
import { lockUser } from '../accounts/queries.ts'
import { toUserResource } from '../accounts/user-resource.ts'
import { sessionsApi } from './api.ts'
import { clientOf } from './client.ts'
import { issueToken } from './issue-token.ts'
import { findOwnSession, listLivingSessions } from './queries.ts'
import { refreshSession } from './refresh-session.ts'
import { revokeSession, revokeSessions } from './revoke-session.ts'
import { type SignInDeps, signIn } from './sign-in.ts'

export function sessionRoutes(deps: SignInDeps): Route[] {
  const { db, clock, transact, sessionLife } = deps
  return implement(sessionsApi, {
    async login({ body, ...request }) {
      const { user, ...tokens } = await signIn(deps, {
        ...body,
        cookies: request.headers.cookie,
        client: clientOf(request),
      })
      return ok({ ...tokens, user: toUserResource(user, { kind: 'owner' }) })
    },
    async issueToken({ body, ...request }) {
      return ok(await issueToken(deps, body, request))
    },
    async refresh({ body, ...request }) {
      return ok(await refreshSession(deps, { token: body.refreshToken, client: clientOf(request) }))
    },
    async logout({ caller: { id: userId, sessionId } }) {
      await transact((tx) => revokeSession(tx, { userId, sessionId, reason: 'sign-out', now: clock.now() }))
      return noContent
    },
    async logoutEverywhere({ caller }) {
      await transact(async (tx) => {
        const user = await lockUser(tx, caller.id)
        if (user) await revokeSessions(tx, user, { reason: 'sign-out', now: clock.now() })
      })
      return noContent
    },
    async listSessions({ caller }) {
      const now = clock.now()
      const unusedSince = addMilliseconds(now, -sessionLife.idleMs)
      const sessions = await listLivingSessions(db, caller.id, { now, unusedSince })
      const items = sessions.map(({ id, device, address, created_at, last_used_at, expires_at }) => ({
        id,
        device,
        address,
        createdAt: created_at.toISOString(),
        lastUsedAt: last_used_at.toISOString(),
        expiresAt: expires_at.toISOString(),
        current: id === caller.sessionId,
      }))
      return ok({ items })
    },
    async endSession({ params: { sessionId }, caller }) {
      const own = await findOwnSession(db, caller.id, sessionId)
      if (!own) throw new DomainError('NotFound', 'there is no such session of yours')
      await transact((tx) => revokeSession(tx, { userId: caller.id, sessionId, reason: 'sign-out', now: clock.now() }))
      return noContent
    },
  })
}
