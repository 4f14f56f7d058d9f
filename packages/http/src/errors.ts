/** What kind of trouble an error is; {@link statusOf} says what HTTP calls it. */
export type ErrorKind = keyof typeof statuses

const statuses = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'precondition-required': 428,
  limited: 429,
  internal: 500,
  unavailable: 503,
} as const

export function statusOf(kind: ErrorKind): number {
  return statuses[kind]
}

/** Every code that an answer may carry. Codes are stable: clients branch on them. */
export const problemKinds = {
  BadRequest: 'malformed',
  InvalidToken: 'malformed',
  Unauthenticated: 'unauthenticated',
  InvalidCredentials: 'unauthenticated',
  EmailNotVerified: 'forbidden',
  Forbidden: 'forbidden',
  NotFound: 'not-found',
  EventNotFound: 'not-found',
  UserNotFound: 'not-found',
  RegistrationNotFound: 'not-found',
  MethodNotAllowed: 'method-not-allowed',
  EmailTaken: 'conflict',
  NicknameTaken: 'conflict',
  AlreadyRegistered: 'conflict',
  EventFull: 'conflict',
  EventNotPublished: 'conflict',
  RegistrationClosed: 'conflict',
  LastAdmin: 'conflict',
  OwnRole: 'conflict',
  PayloadTooLarge: 'too-large',
  UnsupportedMediaType: 'unsupported-media-type',
  ValidationError: 'invalid',
  IdempotencyKeyReused: 'invalid',
  RateLimited: 'limited',
  Busy: 'unavailable',
  Unavailable: 'unavailable',
  Internal: 'internal',
} as const satisfies Record<string, ErrorKind>

export type ProblemCode = keyof typeof problemKinds

export interface ProblemExtras {
  /** Message by field, for what the caller can mend. */
  details?: Record<string, string>
  /** Headers that belong to the answer (`Retry-After`, `Allow`, `WWW-Authenticate`). */
  headers?: Record<string, string>
  /** HAL links to what the caller may do instead. */
  links?: Record<string, { href: string }>
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
    return statusOf(problemKinds[this.code])
  }
}
