/** What kind of trouble a problem is; {@link statusOf} says what HTTP calls it. */
export type ProblemKind = keyof typeof statuses

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

interface Problem {
  kind: ProblemKind
  /** For whoever reads the list of problems: when it is answered, and what to do. */
  meaning: string
}

/**
 * Every code that an answer may carry. Codes are stable: clients branch on them. Titles in every language are the
 * catalogue `problems` of packages/i18n; a test refuses a code without title, a title without code, and a code that
 * nothing throws.
 */
export const problems = {
  BadRequest: { kind: 'malformed', meaning: 'The request cannot be read: mend its form before sending it again.' },
  InvalidToken: { kind: 'malformed', meaning: 'A mailed link or a refresh token is used up, expired or not ours.' },
  Unauthenticated: { kind: 'unauthenticated', meaning: 'A bearer token is missing, has expired or counts no longer.' },
  InvalidCredentials: { kind: 'unauthenticated', meaning: 'The address or the password is wrong.' },
  EmailNotVerified: { kind: 'forbidden', meaning: 'The password is right; the address has to be verified first.' },
  Forbidden: { kind: 'forbidden', meaning: 'The role of the caller does not allow this.' },
  NotFound: { kind: 'not-found', meaning: 'There is nothing at this path.' },
  EventNotFound: { kind: 'not-found', meaning: 'There is no such event, or it is not for the caller to see.' },
  UserNotFound: { kind: 'not-found', meaning: 'There is no such user, or they are outside the caller’s scope.' },
  RegistrationNotFound: { kind: 'not-found', meaning: 'There is no such registration of the caller.' },
  MethodNotAllowed: { kind: 'method-not-allowed', meaning: 'The path exists; `Allow` names its methods.' },
  EmailTaken: { kind: 'conflict', meaning: 'An account with this address exists.' },
  NicknameTaken: { kind: 'conflict', meaning: 'Somebody else has this nickname, whatever the case of its letters.' },
  AlreadyRegistered: { kind: 'conflict', meaning: 'The caller has a place at this event already.' },
  EventFull: { kind: 'conflict', meaning: 'Every seat is taken.' },
  EventNotPublished: { kind: 'conflict', meaning: 'The event does not take place.' },
  CapacityBelowTaken: { kind: 'conflict', meaning: 'More seats are taken than the event would have.' },
  AlreadyCheckedIn: { kind: 'conflict', meaning: 'The ticket has been used.' },
  RegistrationClosed: { kind: 'conflict', meaning: 'The event takes no registrations now.' },
  OwnRole: { kind: 'conflict', meaning: 'Nobody changes their own role.' },
  LastAdmin: { kind: 'conflict', meaning: 'One admin has to stay.' },
  InvalidStatus: { kind: 'conflict', meaning: 'What was asked for does not follow from how things are now.' },
  PreconditionFailed: {
    kind: 'precondition-failed',
    meaning: 'It was changed since it was read: read it again, and send its new `ETag` as `If-Match`.',
  },
  PreconditionRequired: {
    kind: 'precondition-required',
    meaning: 'Send the `ETag` of what was read as `If-Match`, so that nobody else’s change is overwritten.',
  },
  PayloadTooLarge: { kind: 'too-large', meaning: 'The body is larger than the operation takes.' },
  UnsupportedMediaType: {
    kind: 'unsupported-media-type',
    meaning: 'The media type, character set or content encoding of the body is not one that is taken.',
  },
  ValidationError: { kind: 'invalid', meaning: '`details` says of each field what is wrong with it.' },
  IdempotencyKeyReused: { kind: 'invalid', meaning: 'The `Idempotency-Key` belongs to another request of the caller.' },
  RateLimited: { kind: 'limited', meaning: 'Too many requests; `Retry-After` says when to come back.' },
  Busy: { kind: 'unavailable', meaning: 'Too much is waiting already; `Retry-After` says when to come back.' },
  Unavailable: {
    kind: 'unavailable',
    meaning: 'A part that this needs is away; `Retry-After` says when to come back.',
  },
  Internal: { kind: 'internal', meaning: 'A fault of ours; its `traceId` helps us to find it.' },
} as const satisfies Record<string, Problem>

export type ProblemCode = keyof typeof problems

export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]

export function statusOf(code: ProblemCode): number {
  return statuses[problems[code].kind]
}

/** `email-taken` for `EmailTaken`: the end of its type, and its place in the list of problems. */
export function problemSlug(code: ProblemCode): string {
  return code.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
}

/** `urn:rollcall:problem:email-taken`. */
export function problemType(code: ProblemCode): string {
  return `urn:rollcall:problem:${problemSlug(code)}`
}
