import { isSpanContextValid, SpanKind, withSpan } from '@rollcall/runtime/trace'
import { type NextFunction, type Request, type Response, Router } from 'express'
import { sendAnswer } from './answers.ts'
import type { Authenticate } from './caller.ts'
import { DomainError } from './errors.ts'
import { idempotentRequest } from './idempotency.ts'
import type { Operation, OperationRequest, Route } from './operation.ts'
import { parseInput } from './parse.ts'
import { authorize, type Permission, permissions } from './permissions.ts'
import { addressBucket, type RateLimits } from './rate-limits.ts'
import { refuseCredentialsInQuery, refuseEmptyParameters, requireBodyType } from './request-rules.ts'

export interface RouterOptions {
  authenticate: Authenticate
  rateLimits: RateLimits
  /** Milliseconds since this service last heard of role changes; 0 where its own database is their source. */
  knowledgeAgeMs(): number
}

/**
 * An Express router of operations. Paths that exist answer 405 to other methods.
 *
 * @throws {TypeError} for an operation without a known permission: what nobody decided on is not served.
 */
export function createRouter(routes: Route[], options: RouterOptions): Router {
  const router = Router({ caseSensitive: true, strict: false })
  const byPath = Map.groupBy(routes, (route) => route.operation.path)
  for (const path of [...byPath.keys()].sort(literalsFirst)) {
    const expressPath = path.replace(/\{(\w+)\}/g, ':$1')
    const endpoint = router.route(expressPath)
    const atPath = byPath.get(path) ?? []
    endpoint.all((req: Request, res: Response, next: NextFunction) => {
      res.locals['route'] = path
      res.locals['instance'] = instanceOf(path, req.params)
      next()
    })
    for (const route of atPath) {
      assertPermission(route)
      endpoint[route.operation.method]((req: Request, res: Response) => serve(route, { req, res, options }))
    }
    const allowed = allowedMethods(atPath.map((route) => route.operation))
    endpoint.all(() => {
      throw new DomainError('MethodNotAllowed', `allowed here: ${allowed}`, { headers: { allow: allowed } })
    })
  }
  return router
}

/** The path as it was called, without the tokens that mails put into paths. */
function instanceOf(path: string, params: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'token' ? '[redacted]' : encodeURIComponent(String(params[name])),
  )
}

/** `/events/pending` is matched before `/events/{eventId}`. */
function literalsFirst(a: string, b: string): number {
  return a.replaceAll('{', '~').localeCompare(b.replaceAll('{', '~'), 'en')
}

function allowedMethods(operations: Operation[]): string {
  const methods = operations.map(({ method }) => method.toUpperCase())
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

function assertPermission({ id, operation }: Route) {
  if (!Object.hasOwn(permissions, operation.permission as Permission)) {
    throw new TypeError(`operation ${id} declares no known permission`)
  }
}

interface Exchange {
  req: Request
  res: Response
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
    const answer = await route.handle(await accept(route, exchange))
    span.setAttribute('http.response.status_code', answer.status)
    await sendAnswer(res, answer)
  })
}

/** Who calls, whether they may and within their limits, and what they said: in this order, so that a stranger learns least. */
async function accept({ id, operation }: Route, { req, res, options }: Exchange): Promise<OperationRequest> {
  const address = req.ip ?? ''
  refuseCredentialsInQuery(req)
  const authorization = operation.permission === 'public' ? undefined : req.get('authorization')
  const caller = await identify(authorization, { options, address, res })
  if (operation.limit) res.set(await options.rateLimits.count(operation.limit, caller?.id ?? addressBucket(address)))
  const scope = authorize(operation.permission, caller, caller ? options.knowledgeAgeMs() : 0)
  requireBodyType(req, operation)
  if (operation.query) refuseEmptyParameters(req.query)
  return {
    params: operation.params ? parseInput(operation.params, req.params) : undefined,
    query: operation.query ? parseInput(operation.query, req.query) : undefined,
    body: operation.body ? parseInput(operation.body, req.body) : undefined,
    caller,
    scope,
    headers: req.headers,
    address,
    idempotent: operation.idempotent
      ? idempotentRequest(req, { operationId: id, callerId: caller?.id })
      : { scope: '', key: undefined, body: undefined },
    wantsHtml: req.accepts(['application/json', 'text/html']) === 'text/html',
  } as OperationRequest
}

interface Identification {
  options: RouterOptions
  address: string
  res: Response
}

/** A wrong token counts against its sender's address, so that guessing tokens is limited too. */
async function identify(authorization: string | undefined, { options, address, res }: Identification) {
  const { authenticate, rateLimits } = options
  try {
    const caller = await authenticate(authorization)
    const counted = caller ? rateLimits.count('user', caller.id) : rateLimits.count('anonymous', addressBucket(address))
    res.set(await counted)
    return caller
  } catch (error) {
    if (error instanceof DomainError && error.code === 'Unauthenticated') {
      res.set(await rateLimits.count('anonymous', addressBucket(address)))
    }
    throw error
  }
}
