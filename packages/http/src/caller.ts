import { type Role, roleSchema } from '@rollcall/contracts/roles'
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import { unauthenticated, unavailable } from './refusals.ts'
import { apiToken } from './token-kinds.ts'

/** Who calls, as far as permissions care. */
export interface Caller {
  id: string
  sessionId: string
  role: Role
  professional: boolean
  operator: boolean
}

/** What a service knows about a user by its own database. */
export interface CallerRecord {
  /** The user's version that this knowledge comes from. */
  sequence: number
  role: Role
  professional: boolean
  operator: boolean
  /** Locked by staff or erased: no token of theirs counts. */
  barred: boolean
}

export interface KnownCaller {
  user: CallerRecord | undefined
  sessionEnded: boolean
}

/** Members of an access token that Rollcall reads (RFC 9068 names, and our own). */
const AccessTokenClaims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  role: roleSchema,
  professional: z.boolean(),
  operator: z.boolean(),
  ver: z.int().nonnegative(),
})

/** Seconds that clocks may differ. */
const LEEWAY_SECONDS = 30

export interface AuthenticatorOptions {
  keys: JWTVerifyGetKey
  issuer: string
  /** Both by primary key from the service's own database: a change counts as soon as it is known there. */
  findCaller(userId: string, sessionId: string): Promise<KnownCaller>
}

export type Authenticate = (authorization: string | undefined) => Promise<Caller | undefined>

/** Gives the caller of a bearer token; undefined without an `Authorization` header. */
export function createAuthenticator({ findCaller, ...verification }: AuthenticatorOptions): Authenticate {
  return async (authorization) => {
    if (authorization === undefined) return undefined
    const [, token] = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization) ?? []
    if (token === undefined) throw refused('the Authorization header holds no bearer token')
    const claims = await verifyAccessToken(token, verification)
    const { user, sessionEnded } = await findCaller(claims.sub, claims.sid)
    if (sessionEnded || user?.barred) throw refused('the session has ended')
    // A projection may lag behind a fresh sign-up or promotion: whichever knows the later version counts.
    const { role, professional, operator } = user && user.sequence >= claims.ver ? user : claims
    return { id: claims.sub, sessionId: claims.sid, role, professional, operator }
  }
}

async function verifyAccessToken(token: string, { keys, issuer }: Omit<AuthenticatorOptions, 'findCaller'>) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: apiToken.audience,
      typ: apiToken.typ,
      algorithms: ['ES256'],
      clockTolerance: LEEWAY_SECONDS,
      requiredClaims: ['exp', 'iat', 'jti'],
    })
    return AccessTokenClaims.parse(payload)
  } catch (error) {
    if (!isRefusedToken(error)) throw unavailable('tokens cannot be checked right now')
    throw refused('the access token is not valid or has expired')
  }
}

/** Whether a token is to blame, rather than keys that could not be fetched: a plain JOSEError is another answer than 200. */
export function isRefusedToken(error: unknown): boolean {
  if (error instanceof z.ZodError) return true
  if (!(error instanceof errors.JOSEError)) return false
  const aboutKeys = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code]
  return !aboutKeys.includes(error.code)
}

function refused(detail: string) {
  return unauthenticated(detail, 'Bearer error="invalid_token"')
}
