import { calculateJwkThumbprint, type JWK } from 'jose'

/**
 * Gives each key the id by which sealed parts name it, its thumbprint where it has none of its own: worked out once
 * here, not for every mail.
 */
export function withKeyIds(keys: readonly JWK[]): Promise<JWK[]> {
  return Promise.all(keys.map(async (key) => ({ ...key, kid: key.kid ?? (await calculateJwkThumbprint(key)) })))
}
