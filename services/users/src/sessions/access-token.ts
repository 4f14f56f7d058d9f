import { apiToken, opsToken, type TokenKind } from '@rollcall/access/token-kinds'
import { hours, minutes } from '@rollcall/runtime/clock'
import { newId } from '@rollcall/runtime/ids'
import { SignJWT } from 'jose'
import type { User } from '../accounts/tables.ts'
import type { Keyring } from '../keys/keyring.ts'

export const ACCESS_TOKEN_MS = minutes(15)
export const OPS_TOKEN_MS = hours(8)

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
export function signAccessToken(signer: TokenSigner, content: TokenContent): Promise<string> {
  return sign(signer, content, { kind: apiToken, lifetimeMs: ACCESS_TOKEN_MS })
}

/** Opens `/ops` in a browser; a kind of its own, so that neither token passes for the other. */
export function signOpsToken(signer: TokenSigner, content: TokenContent): Promise<string> {
  return sign(signer, content, { kind: opsToken, lifetimeMs: OPS_TOKEN_MS })
}

function sign(
  { keyring, issuer }: TokenSigner,
  { user, sessionId, issuedAt }: TokenContent,
  { kind, lifetimeMs }: { kind: TokenKind; lifetimeMs: number },
): Promise<string> {
  const claims = {
    // The one client that signs in by password is Rollcall's own front-end.
    client_id: apiToken.audience,
    sid: sessionId,
    role: user.role,
    professional: user.professional,
    operator: user.operator,
    ver: user.version,
  }
  const { kid, key } = keyring.signing()
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid, typ: kind.typ })
    .setIssuer(issuer)
    .setAudience(kind.audience)
    .setSubject(user.id)
    .setJti(newId())
    .setIssuedAt(issuedAt)
    .setExpirationTime(new Date(issuedAt.getTime() + lifetimeMs))
    .sign(key)
}
