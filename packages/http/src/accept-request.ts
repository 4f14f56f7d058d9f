import { TokenRefused } from '@rollcall/access/authenticate'
import type { Caller } from '@rollcall/access/caller'
import { authorize, type Denial, type Scope } from '@rollcall/access/permissions'
import type { Request, Response } from 'express'
import { addressBucket } from './client-address.ts'
import { DomainError } from './errors.ts'
import { idempotentRequest } from './idempotency.ts'
import type { Operation, OperationRequest } from './operation.ts'
import { parseInput } from './parse.ts'
import { unauthenticated, unavailable } from './refusals.ts'
import {
  refuseCredentialsInQuery,
  refuseEmptyParameters,
  refuseOtherOrigins,
  requireBodyType,
  requireOneAuthorization,
} from './request-rules.ts'
import type { RouterOptions } from './router.ts'

interface Exchange {
  req: Request
  res: Response
  options: RouterOptions
}

/** Who calls, whether they may and within their limits, and what they said: in this order, so that a stranger learns least. */
export async function acceptRequest(
  { id, operation }: { id: string; operation: Operation },
  exchange: Exchange,
): Promise<OperationRequest> {
  const { req, res, options } = exchange
  const address = options.clientAddress(req)
  refuseCredentialsInQuery(req)
  requireOneAuthorization(req)
  refuseOtherOrigins(req, operation, options.ownOrigin)
  const caller = await identify(operation, { ...exchange, address })
  if (operation.limit) res.set(await options.rateLimits.count(operation.limit, caller?.id ?? addressBucket(address)))
  const ageMs = caller && !operation.trustsKnownRoles ? options.knowledgeAgeMs() : 0
  const scope = requireScope(operation, caller, ageMs)
  requireBodyType(req, operation)
  if (operation.query) refuseEmptyParameters(req.query)
  return {
    params: operation.params ? parseInput(operation.params, req.params) : undefined,
    query: operation.query ? parseInput(operation.query, req.query) : undefined,
    body: operation.body ? parseInput(operation.body, req.body) : undefined,
    caller,
    scope,
    headers: req.headers,
    search: req.originalUrl.split('?')[1] ?? '',
    address,
    idempotent: operation.idempotent ? idempotentRequest(req, { operationId: id, callerId: caller?.id }) : undefined,
    wantsHtml: prefersHtml(req),
  } as OperationRequest
}

/** A browser that navigates prefers pages; a program that does not say gets JSON. */
export function prefersHtml(req: Request): boolean {
  return req.accepts(['application/json', 'text/html']) === 'text/html'
}

/** A wrong token counts against its sender's address, so that guessing tokens is limited too. */
async function identify(operation: Operation, { req, res, options, address }: Exchange & { address: string }) {
  const { rateLimits } = options
  const countAddress = () => rateLimits.count('anonymous', addressBucket(address))
  try {
    const caller = await callerOf(operation, req, options)
    res.set(await (caller ? rateLimits.count('user', caller.id) : countAddress()))
    return caller
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error
    res.set(await countAddress())
    throw unauthenticated(error.message, 'Bearer error="invalid_token"')
  }
}

async function callerOf({ permission, credential }: Operation, req: Request, { authenticate }: RouterOptions) {
  if (credential === 'ops-cookie') return authenticate.opsCookie(req.headers.cookie)
  return permission === 'public' ? undefined : authenticate.bearer(req.get('authorization'))
}

const denials: Record<Denial, () => DomainError> = {
  'not-signed-in': () => unauthenticated('sign in first'),
  'not-allowed': () => new DomainError('Forbidden', 'your role does not allow this'),
  'roles-stale': () => unavailable('roles cannot be checked right now'),
}

/** @throws {DomainError} `Unauthenticated`, `Forbidden` or `Unavailable` */
function requireScope({ permission }: Operation, caller: Caller | undefined, knowledgeAgeMs: number): Scope {
  const decision = authorize(permission, caller, knowledgeAgeMs)
  if ('denied' in decision) throw denials[decision.denied]()
  return decision.scope
}
