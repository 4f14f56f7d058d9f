import type { Authenticator } from '@rollcall/access/authenticate'
import { isPermission } from '@rollcall/access/permissions'
import { isSpanContextValid, SpanKind, withSpan } from '@rollcall/runtime/trace'
import { type NextFunction, type Request, type Response, Router } from 'express'
import { acceptRequest } from './accept-request.ts'
import type { ClientAddress } from './client-address.ts'
import { requireDeclared, requireDeclaredProblem } from './declared.ts'
import { DomainError } from './errors.ts'
import type { Operation, Route } from './operation.ts'
import type { RateLimits } from './rate-limits.ts'
import { sendAnswer } from './send-answer.ts'

export interface RouterOptions {
  authenticate: Authenticator
  rateLimits: RateLimits
  clientAddress: ClientAddress
  /** Milliseconds since when a role may have changed that this service has not applied; 0 where its own database is their source. */
  knowledgeAgeMs(): number
  /** Where pages of our own come from: scheme, host and port. */
  ownOrigin: string
  /** Holds every answer and refusal against its declaration, as tests do. */
  checkAnswers: boolean
}

/**
 * An Express router of operations. Paths that exist answer 405 to other methods, and 204 to OPTIONS.
 *
 * @throws {TypeError} for an operation without a known permission: what nobody decided on is not served.
 */
export function createRouter(routes: Route[], options: RouterOptions): Router {
  const router = Router({ caseSensitive: true, strict: false })
  const byPath = Map.groupBy(routes, (route) => route.operation.path)
  for (const path of [...byPath.keys()].sort(literalsFirst)) {
    const endpoint = router.route(expressPath(path))
    const atPath = byPath.get(path) ?? []
    endpoint.all((req: Request, res: Response, next: NextFunction) => {
      res.locals['route'] = path
      res.locals['instance'] = instanceOf(path, req)
      next()
    })
    for (const route of atPath) {
      if (!isPermission(route.operation.permission)) {
        throw new TypeError(`operation ${route.id} declares no known permission`)
      }
      endpoint[route.operation.method]((req: Request, res: Response, next: NextFunction) =>
        serve(route, { req, res, next, options }),
      )
    }
    const allow = allowedMethods(atPath.map((route) => route.operation))
    endpoint.options((_req, res) => void res.status(204).set({ allow }).end())
    endpoint.all(() => {
      throw new DomainError('MethodNotAllowed', `allowed here: ${allow}`, { headers: { allow } })
    })
  }
  return router
}

function expressPath(path: string): string {
  return path.replace(/\{(\+?)(\w+)\}/g, (_, many: string, name: string) => `${many ? '*' : ':'}${name}`)
}

/** The path as it was called, without the tokens that mails put into paths. */
function instanceOf(path: string, { params, path: called }: Request): string {
  if (!path.includes('{token}')) return called
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'token' ? '[redacted]' : encodeURIComponent(String(params[name])),
  )
}

/** `/events/pending` is matched before `/events/{eventId}`: by code units, as `{` comes behind every letter. */
function literalsFirst(a: string, b: string): number {
  return a < b ? -1 : 1
}

function allowedMethods(operations: Operation[]): string {
  const methods = operations.map(({ method }) => method.toUpperCase())
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

interface Exchange {
  req: Request
  res: Response
  next: NextFunction
  options: RouterOptions
}

async function serve(route: Route, exchange: Exchange): Promise<void> {
  const { req, res } = exchange
  const { method, path } = route.operation
  // The name is the template, never the path itself: mailed tokens are parts of paths.
  const name = `${method.toUpperCase()} ${path}`
  const parent = req.get('traceparent')
  await withSpan(name, { kind: SpanKind.SERVER, parent, attributes: { 'http.route': path } }, async (span) => {
    if (isSpanContextValid(span.spanContext())) res.locals['traceId'] = span.spanContext().traceId
    const answer = await answerOf(route, exchange)
    if (!answer) return
    span.setAttribute('http.response.status_code', answer.status)
    await sendAnswer(exchange, answer)
  })
}

async function answerOf({ id, operation, handle }: Route, exchange: Exchange) {
  const { req, res, options } = exchange
  try {
    const answer = await handle(await acceptRequest({ id, operation }, exchange))
    if (options.checkAnswers) requireDeclared(id, operation, answer)
    return answer
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (options.checkAnswers) requireDeclaredProblem(id, operation, error.code)
    if (operation.signInPage === undefined || !lacksSignIn(error)) throw error
    res.redirect(303, `${operation.signInPage}?next=${encodeURIComponent(req.originalUrl)}`)
    return undefined
  }
}

function lacksSignIn({ code }: DomainError): boolean {
  return code === 'Unauthenticated' || code === 'Forbidden'
}
