import { createHash } from 'node:crypto'
import type { Clock } from '@rollcall/runtime/clock'
import {
  CompactEncrypt,
  type CryptoKey,
  calculateJwkThumbprint,
  compactDecrypt,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose'
import type { Kysely } from 'kysely'
import type { UsersDatabase } from '../database/tables.ts'
import { insertFirstKey, listKeys } from './queries.ts'

export interface Keyring {
  /** Signs new tokens. */
  readonly signing: { kid: string; key: CryptoKey }
  /** Public halves only, as published. */
  readonly jwks: { keys: JWK[] }
  readonly verificationKeys: JWTVerifyGetKey
}

interface KeyringOptions {
  db: Kysely<UsersDatabase>
  clock: Clock
  /** 32 bytes that seal private keys at rest. */
  encryptionKey: Uint8Array
}

/**
 * Loads the keys that tokens are signed with; the very first process makes one. Processes that start together agree on
 * whose key it is by the database.
 */
export async function openKeyring({ db, clock, encryptionKey }: KeyringOptions): Promise<Keyring> {
  let keys = await listKeys(db)
  if (keys.length === 0) {
    await insertFirstKey(db, { ...(await makeKey(encryptionKey)), created_at: clock.now() })
    keys = await listKeys(db)
  }
  const [newest] = keys
  if (!newest) throw new Error('no signing key could be stored')
  const publicKeys = keys.map((key) => JSON.parse(key.public_jwk) as JWK)
  const signingKey = await importJWK(await openPrivateKey(newest.sealed_private_jwk, encryptionKey), 'ES256')
  const jwks = { keys: publicKeys }
  return {
    signing: { kid: newest.kid, key: signingKey as CryptoKey },
    jwks,
    verificationKeys: createLocalJWKSet(jwks),
  }
}

async function makeKey(encryptionKey: Uint8Array) {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const privateJwk = await exportJWK(pair.privateKey)
  const { kty, crv, x, y } = privateJwk
  const kid = await calculateJwkThumbprint(privateJwk)
  const publicJwk = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  const sealed = await new CompactEncrypt(
    new TextEncoder().encode(JSON.stringify({ ...privateJwk, kid, alg: 'ES256' })),
  )
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyName(encryptionKey) })
    .encrypt(encryptionKey)
  return { kid, public_jwk: JSON.stringify(publicJwk), sealed_private_jwk: sealed }
}

async function openPrivateKey(sealed: string, encryptionKey: Uint8Array): Promise<JWK> {
  try {
    const { plaintext } = await compactDecrypt(sealed, encryptionKey)
    return JSON.parse(new TextDecoder().decode(plaintext)) as JWK
  } catch (cause) {
    throw new Error('KEY_ENCRYPTION_KEY does not open the stored signing key', { cause })
  }
}

/** Tells an operator which encryption key a stored key needs, without telling anything about it. */
function keyName(encryptionKey: Uint8Array): string {
  return createHash('sha256').update(encryptionKey).digest('hex').slice(0, 12)
}
