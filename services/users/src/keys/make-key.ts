import { createHash } from 'node:crypto'
import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, exportJWK, generateKeyPair, type JWK } from 'jose'

/** A new ES256 pair as it is stored, its private half sealed. */
export async function makeKey(encryptionKey: Uint8Array) {
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

/** @throws where the key was sealed by another encryption key */
export async function openPrivateKey(sealed: string, encryptionKey: Uint8Array): Promise<JWK> {
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
