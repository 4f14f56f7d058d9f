import { noContent, ok } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { toUserResource } from '../accounts/user-resource.ts'
import { sessionsApi } from './api.ts'
import { refreshSession } from './refresh-session.ts'
import { revokeSession } from './revoke-session.ts'
import { type SignInDeps, signIn } from './sign-in.ts'

export function sessionRoutes(deps: SignInDeps): Route[] {
  return implement(sessionsApi, {
    async login({ body }) {
      const { user, ...tokens } = await signIn(deps, body)
      return ok({ ...tokens, user: toUserResource(user, { kind: 'owner' }) })
    },
    async refresh({ body }) {
      return ok(await refreshSession(deps, body.refreshToken))
    },
    async logout({ caller }) {
      const end = { userId: caller.id, sessionId: caller.sessionId, reason: 'sign-out', now: deps.clock.now() } as const
      await deps.transact((tx) => revokeSession(tx, end))
      return noContent
    },
  })
}
