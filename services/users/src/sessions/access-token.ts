import { minutes } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { SignJWT } from 'jose'
import type { User } from '../database/tables.ts'
import type { Keyring } from '../keys/keyring.ts'

export const ACCESS_TOKEN_MS = minutes(15)

/** The audience of every API of Rollcall, and the client that is Rollcall's own front-end. */
export const API_AUDIENCE = 'rollcall'
export const OPS_AUDIENCE = 'rollcall-ops'

export interface TokenSigner {
  keyring: Keyring
  issuer: string
}

interface TokenContent {
  user: User
  sessionId: string
  issuedAt: Date
}

/** A JWT access token by RFC 9068: any gateway verifies it by the JWKS, and it names no e-mail or name. */
export function signAccessToken({ keyring, issuer }: TokenSigner, { user, sessionId, issuedAt }: TokenContent) {
  const claims = {
    client_id: API_AUDIENCE,
    sid: sessionId,
    role: user.role,
    professional: user.professional,
    operator: user.operator,
    ver: user.version,
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: keyring.signing.kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(API_AUDIENCE)
    .setSubject(user.id)
    .setJti(newId())
    .setIssuedAt(issuedAt)
    .setExpirationTime(new Date(issuedAt.getTime() + ACCESS_TOKEN_MS))
    .sign(keyring.signing.key)
}

/** Opens `/ops` in a browser; a kind of its own, so that neither token passes for the other. */
export function signOpsToken(
  { keyring, issuer }: TokenSigner,
  { user, sessionId, issuedAt }: TokenContent,
  lifetimeMs: number,
) {
  return new SignJWT({ sid: sessionId, role: user.role, operator: user.operator, ver: user.version })
    .setProtectedHeader({ alg: 'ES256', kid: keyring.signing.kid, typ: 'ops+jwt' })
    .setIssuer(issuer)
    .setAudience(OPS_AUDIENCE)
    .setSubject(user.id)
    .setJti(newId())
    .setIssuedAt(issuedAt)
    .setExpirationTime(new Date(issuedAt.getTime() + lifetimeMs))
    .sign(keyring.signing.key)
}
