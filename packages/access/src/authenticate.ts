import { EngineAway } from '@rollcall/runtime/engine-away'
import { parseCookie } from 'cookie'
import { errors, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Caller, KnownCaller } from './caller.ts'
import { apiToken, OPS_COOKIE, opsToken, type TokenKind } from './token-kinds.ts'
import { createVerifiedTokens, type TokenClaims, type VerifiedTokens } from './verified-tokens.ts'

/** A token was sent that does not count; `message` says why, without naming internals. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
}

export interface AuthenticatorOptions {
  keys: JWTVerifyGetKey
  issuer: string
  /** Both by primary key from the service's own database: a change counts as soon as it is known there. */
  findCaller(userId: string, sessionId: string): Promise<KnownCaller>
}

export interface Authenticator {
  /**
   * The caller of a bearer token; undefined without an `Authorization` header.
   *
   * @throws {TokenRefused} and {@link EngineAway} when the keys cannot be fetched
   */
  bearer(authorization: string | undefined): Promise<Caller | undefined>
  /**
   * The operator of a browser; a cookie that does not count is like none.
   *
   * @throws {EngineAway} when the keys cannot be fetched
   */
  opsCookie(cookies: string | undefined): Promise<Caller | undefined>
}

interface Verification extends Pick<AuthenticatorOptions, 'findCaller'> {
  verified: VerifiedTokens
}

export function createAuthenticator({ findCaller, ...issuing }: AuthenticatorOptions): Authenticator {
  const options = { findCaller, verified: createVerifiedTokens(issuing) }
  return {
    async bearer(authorization) {
      if (authorization === undefined) return undefined
      const [, token] = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization) ?? []
      if (token === undefined) throw new TokenRefused('the Authorization header holds no bearer token')
      return callerOf(options, apiToken, token)
    },
    async opsCookie(cookies) {
      const token = parseCookie(cookies ?? '')[OPS_COOKIE]
      if (!token) return undefined
      try {
        return await callerOf(options, opsToken, token)
      } catch (error) {
        if (error instanceof TokenRefused) return undefined
        throw error
      }
    },
  }
}

async function callerOf(options: Verification, kind: TokenKind, token: string): Promise<Caller> {
  const claims = await verify(options, kind, token)
  const { user, sessionEnded } = await options.findCaller(claims.sub, claims.sid)
  if (sessionEnded || user?.barred) throw new TokenRefused('the session has ended')
  // A projection may lag behind a fresh sign-up or promotion: whichever knows the later version counts.
  const { role, professional, operator } = user && user.sequence >= claims.ver ? user : claims
  return { id: claims.sub, sessionId: claims.sid, role, professional, operator }
}

async function verify({ verified }: Verification, kind: TokenKind, token: string): Promise<TokenClaims> {
  try {
    return await verified.claimsOf(kind, token)
  } catch (error) {
    if (!isTokensFault(error)) throw new EngineAway('the key set', { cause: error })
    throw new TokenRefused('the access token is not valid or has expired')
  }
}

/** Whether a token is to blame, rather than keys that could not be fetched: a plain JOSEError is another answer than 200. */
function isTokensFault(error: unknown): boolean {
  if (error instanceof z.ZodError) return true
  if (!(error instanceof errors.JOSEError)) return false
  const aboutKeys = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code]
  return !aboutKeys.includes(error.code)
}
