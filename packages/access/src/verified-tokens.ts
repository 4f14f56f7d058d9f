import { roleSchema } from '@rollcall/contracts/roles'
import { type JWTHeaderParameters, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { TokenKind } from './token-kinds.ts'

/** Members of a token that Rollcall reads (RFC 9068 names, and our own). */
const TokenClaims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  role: roleSchema,
  professional: z.boolean(),
  operator: z.boolean(),
  ver: z.int().nonnegative(),
})
export type TokenClaims = z.infer<typeof TokenClaims>

/** Seconds that clocks may differ. */
const LEEWAY_SECONDS = 30
const MOST_KEPT = 5000

interface Kept {
  claims: TokenClaims
  /** Seconds since the epoch. */
  expiresAt: number
  header: JWTHeaderParameters
  /** What the signature was verified with. */
  key: unknown
}

interface Issuing {
  keys: JWTVerifyGetKey
  issuer: string
}

export interface VerifiedTokens {
  /** @throws {JOSEError} and {ZodError} for a token that does not count, and what `keys` throws */
  claimsOf(kind: TokenKind, token: string): Promise<TokenClaims>
}

/**
 * Verifies tokens, and knows those that it has verified: people send the same one again and again, and a signature costs
 * more than all else about a request. What may change meanwhile is looked at each time: whether it has expired, and
 * whether its key is still the one that the issuer publishes.
 */
export function createVerifiedTokens({ keys, issuer }: Issuing): VerifiedTokens {
  const kept = new LRUCache<string, Kept>({ max: MOST_KEPT })

  async function isStillGood({ expiresAt, header, key }: Kept, token: string): Promise<boolean> {
    if (Date.now() / 1000 >= expiresAt + LEEWAY_SECONDS) return false
    const [, payload = '', signature = ''] = token.split('.')
    return (await keys(header, { payload, signature })) === key
  }

  return {
    async claimsOf({ audience, typ }, token) {
      const name = `${audience} ${typ} ${token}`
      const known = kept.get(name)
      if (known && (await isStillGood(known, token))) return known.claims
      kept.delete(name)
      const { payload, protectedHeader, key } = await jwtVerify(token, keys, {
        issuer,
        audience,
        typ,
        algorithms: ['ES256'],
        clockTolerance: LEEWAY_SECONDS,
        requiredClaims: ['exp', 'iat', 'jti'],
      })
      const claims = TokenClaims.parse(payload)
      kept.set(name, { claims, expiresAt: Number(payload.exp), header: protectedHeader, key })
      return claims
    },
  }
}
