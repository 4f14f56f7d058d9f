import { DomainError } from '@rollcall/http/errors'
import { type Answer, implement, type OperationRequest, type Route } from '@rollcall/http/operation'
import { scopeOf } from '@rollcall/http/permissions'
import { OPS_COOKIE } from '@rollcall/http/token-kinds'
import { seconds } from '@rollcall/runtime/clock'
import { signOpsToken } from '../sessions/access-token.ts'
import { checkCredentials } from '../sessions/check-credentials.ts'
import { openSession } from '../sessions/session-tokens.ts'
import type { SignInDeps } from '../sessions/sign-in.ts'
import { operatorsApi } from './api.ts'
import { signInPage } from './pages.ts'

export interface OperatorRouteDeps extends SignInDeps {
  publicUrl: string
}

const COOKIE_ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Strict'
const LIFETIME_SECONDS = 8 * 3600
const START_PAGE = '/ops/queues'

export function operatorRoutes(deps: OperatorRouteDeps): Route[] {
  return implement(operatorsApi, {
    async showOpsSignIn({ query }) {
      return { status: 200, html: signInPage({ next: pageOf(query.next) }) }
    },
    async opsSignIn({ body, headers }) {
      requireOwnOrigin(headers, deps.publicUrl)
      const next = pageOf(body.next)
      try {
        const token = await openOps(deps, body)
        const cookie = `${OPS_COOKIE}=${token}; ${COOKIE_ATTRIBUTES}; Max-Age=${LIFETIME_SECONDS}`
        return redirect(next, cookie)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        const page = signInPage({ next, email: body.email, problem: sentence(error.message) })
        return { status: error.status, headers: error.extras.headers ?? {}, html: page }
      }
    },
    async opsSignOut({ headers }) {
      requireOwnOrigin(headers, deps.publicUrl)
      return redirect('/ops/sign-in', `${OPS_COOKIE}=; ${COOKIE_ATTRIBUTES}; Max-Age=0`)
    },
  })
}

/** @throws {DomainError} as `checkCredentials`; `Forbidden` for whoever is no operator */
async function openOps(deps: OperatorRouteDeps, credentials: { email: string; password: string }): Promise<string> {
  const user = await checkCredentials(deps, credentials)
  if (!scopeOf('operations.read', user)) throw new DomainError('Forbidden', 'this account is no operator')
  const issuedAt = deps.clock.now()
  const sessionId = await deps.transact((tx) => openSession(tx, { userId: user.id, now: issuedAt }))
  return signOpsToken(deps.signer, { user, sessionId, issuedAt }, seconds(LIFETIME_SECONDS))
}

/** Another site's form must not sign anybody in or out. @throws {DomainError} `Forbidden` */
function requireOwnOrigin(headers: OperationRequest['headers'], publicUrl: string): void {
  if (headers.origin !== new URL(publicUrl).origin)
    throw new DomainError('Forbidden', 'this form was sent from another site')
}

function pageOf(next: string | undefined): string {
  return next !== undefined && /^\/ops\/[\w/?=&.-]*$/.test(next) ? next : START_PAGE
}

function redirect(location: string, cookie: string): Answer {
  return { status: 303, headers: { location, 'set-cookie': cookie } }
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
}
