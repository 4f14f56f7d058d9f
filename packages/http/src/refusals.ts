import { DomainError } from './errors.ts'

/** Seconds after which a client tries again when an engine is away. */
const RETRY_AFTER_SECONDS = 2

/** "Not now": with the time after which to come back. */
export function unavailable(detail: string): DomainError {
  return new DomainError('Unavailable', detail, { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } })
}

/** RFC 6750: the challenge says why a token was refused, and nothing when there was none. */
export function unauthenticated(detail: string, challenge = 'Bearer'): DomainError {
  return new DomainError('Unauthenticated', detail, { headers: { 'www-authenticate': challenge } })
}
