import { scopeOf } from '@rollcall/access/permissions'
import { OPS_COOKIE } from '@rollcall/access/token-kinds'
import { pageAnswer, refusalPage, seeOther } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { implement, type Route } from '@rollcall/http/operation'
import { stringifySetCookie } from 'cookie'
import { OPS_TOKEN_MS, signOpsToken } from '../sessions/access-token.ts'
import { clientOf } from '../sessions/client.ts'
import { revokeSession } from '../sessions/revoke-session.ts'
import { openSignedInSession, type SignIn, type SignInDeps } from '../sessions/sign-in.ts'
import { operatorsApi } from './api.ts'
import { signInPage } from './pages.ts'

const START_PAGE = '/ops/queues'
const SIGN_IN_PAGE = '/ops/sign-in'

export function operatorRoutes(deps: SignInDeps): Route[] {
  return implement(operatorsApi, {
    async showOpsSignIn({ query }) {
      return pageAnswer(signInPage({ next: pageOf(query.next) }))
    },
    async opsSignIn({ body, ...from }) {
      const next = pageOf(body.next)
      const { email, password } = body
      const request = { email, password, cookies: from.headers.cookie, client: clientOf(from) }
      try {
        return seeOther(next, { 'set-cookie': cookie(await openOps(deps, request), OPS_TOKEN_MS / 1000) })
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        const page = signInPage({ next, email: body.email, problem: sentence(error.message) })
        return refusalPage(error.status, page, error.extras.headers)
      }
    },
    async opsSignOut({ caller }) {
      if (caller) {
        const end = {
          userId: caller.id,
          sessionId: caller.sessionId,
          reason: 'sign-out',
          now: deps.clock.now(),
        } as const
        await deps.transact((tx) => revokeSession(tx, end))
      }
      return seeOther(SIGN_IN_PAGE, { 'set-cookie': cookie('', 0) })
    },
  })
}

/** @throws {DomainError} as `signIn`; `Forbidden` for whoever is no operator, and then no session is opened */
async function openOps(deps: SignInDeps, request: SignIn): Promise<string> {
  const { user, sessionId, issuedAt } = await openSignedInSession(deps, {
    request,
    require(checked) {
      if (!scopeOf('operations.read', checked)) throw new DomainError('Forbidden', 'this account is no operator')
    },
  })
  return signOpsToken(deps.signer, { user, sessionId, issuedAt })
}

function cookie(value: string, maxAge: number): string {
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict', maxAge } as const
  return stringifySetCookie({ name: OPS_COOKIE, value, ...attributes })
}

function pageOf(next: string | undefined): string {
  return next !== undefined && /^\/ops\/[\w/?=&.-]*$/.test(next) ? next : START_PAGE
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
}
