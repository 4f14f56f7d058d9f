import type { OAuthCode } from './oauth.ts'
import { type ProblemCode, statusOf } from './problems.ts'

export interface ProblemExtras {
  /** Message by field, for what the caller can mend. */
  details?: Record<string, string>
  /** Headers that belong to the answer (`Retry-After`, `Allow`, `WWW-Authenticate`). */
  headers?: Record<string, string>
  /** HAL links to what the caller may do instead. */
  links?: Record<string, { href: string }>
  /** What it is called at the token endpoint, where that does not follow from its code. */
  oauth?: OAuthCode
}

/** A refusal that the caller is told about: `message` is shown, so it names no internals. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, message: string, extras: ProblemExtras = {}) {
    super(message)
    this.code = code
    this.extras = extras
  }

  get status(): number {
    return statusOf(this.code)
  }
}
