import { createHmac } from 'node:crypto'

/** Hashes of our own scheme carry its version; a bare bcrypt hash is an imported one. */
const SCHEME = 'v1'

/**
 * What bcrypt is given: base64 of HMAC-SHA-384, 64 characters. So nothing is cut at bcrypt's 72 bytes, and the hashes
 * alone are of no use without the pepper.
 */
export function prehash(password: string, pepper: string): string {
  return createHmac('sha384', pepper).update(password.normalize('NFC')).digest('base64')
}

export function encodeHash(bcryptHash: string): string {
  return `${SCHEME}${bcryptHash}`
}

export interface DecodedHash {
  bcryptHash: string
  /** Made by Rollcall, over the prehash. Otherwise imported, over the password itself. */
  prehashed: boolean
}

export function decodeHash(stored: string): DecodedHash {
  const prehashed = stored.startsWith(`${SCHEME}$`)
  const hash = prehashed ? stored.slice(SCHEME.length) : stored
  // PHP's $2y$ and bcrypt's $2b$ name the same algorithm.
  return { bcryptHash: hash.replace(/^\$2y\$/, '$2b$'), prehashed }
}
