import { apiToken, opsToken } from '@rollcall/http/token-kinds'
import { minutes } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { SignJWT } from 'jose'
import type { User } from '../database/tables.ts'
import type { Keyring } from '../keys/keyring.ts'

export const ACCESS_TOKEN_MS = minutes(15)

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
    // The one client that signs in by password is Rollcall's own front-end.
    client_id: apiToken.audience,
    sid: sessionId,
    role: user.role,
    professional: user.professional,
    operator: user.operator,
    ver: user.version,
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: keyring.signing.kid, typ: apiToken.typ })
    .setIssuer(issuer)
    .setAudience(apiToken.audience)
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
    .setProtectedHeader({ alg: 'ES256', kid: keyring.signing.kid, typ: opsToken.typ })
    .setIssuer(issuer)
    .setAudience(opsToken.audience)
    .setSubject(user.id)
    .setJti(newId())
    .setIssuedAt(issuedAt)
    .setExpirationTime(new Date(issuedAt.getTime() + lifetimeMs))
    .sign(keyring.signing.key)
}
