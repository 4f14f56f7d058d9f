import type { Request } from 'express'
import { bodyTypes, needsOwnOrigin } from './declared.ts'
import { DomainError } from './errors.ts'
import type { Operation } from './operation.ts'

/** Query strings end up in histories, referrers and logs: a secret that came in one is refused, not used. */
const CREDENTIAL_PARAMETERS = ['access_token', 'refresh_token', 'token', 'password', 'client_secret']

/** @throws {DomainError} `BadRequest` for credentials in the query string (RFC 6750, section 5.3). */
export function refuseCredentialsInQuery(req: Request): void {
  const parameters = Object.keys(req.query).map((name) => name.toLowerCase())
  const found = CREDENTIAL_PARAMETERS.find((name) => parameters.includes(name))
  if (found) throw new DomainError('BadRequest', `${found} must not be sent in the query string`)
}

/** @throws {DomainError} `BadRequest` for two that differ: which of them counts would be a guess. */
export function requireOneAuthorization({ headersDistinct }: Request): void {
  const values = new Set(headersDistinct['authorization'])
  if (values.size > 1) throw new DomainError('BadRequest', 'the request has several Authorization headers')
}

/**
 * Another site's form must not do anything in the name of whoever has our cookie.
 *
 * @throws {DomainError} `Forbidden`
 */
export function refuseOtherOrigins(req: Request, operation: Operation, ownOrigin: string): void {
  if (!needsOwnOrigin(operation) || req.get('origin') === ownOrigin) return
  throw new DomainError('Forbidden', 'this form was sent from another site')
}

/** @throws {DomainError} `UnsupportedMediaType` when a body came in a form that this operation does not read. */
export function requireBodyType(req: Request, { body, form }: Operation): void {
  if (!body) return
  const types = bodyTypes(form)
  // Without a body its schema says what is missing; clients say that there is none by its length as well.
  const matches = req.get('content-length') === '0' ? null : req.is([...types])
  if (matches === false) throw new DomainError('UnsupportedMediaType', `the body must be ${types.join(' or ')}`)
}

/** @throws {DomainError} `ValidationError` for `?name=`: an empty text would pass for the number 0. */
export function refuseEmptyParameters(query: Request['query']): void {
  const empty = Object.keys(query).filter((name) => query[name] === '')
  if (empty.length === 0) return
  const details = Object.fromEntries(empty.map((name) => [name, 'must not be empty']))
  throw new DomainError('ValidationError', `not accepted: ${empty.join(', ')}`, { details })
}
