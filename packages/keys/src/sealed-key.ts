import { createHash } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, type JWK } from 'jose'
import { z } from 'zod'

/** `KEY_ENCRYPTION_KEY`: 32 bytes in base64url, by which private keys are sealed at rest. */
export const keyEncryptionKey = z
  .string()
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64url')))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64url')

/** A private key as a database may keep it: of use only together with the key that it is sealed by. */
export function sealKey(privateJwk: JWK, encryptionKey: Uint8Array): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(privateJwk)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyName(encryptionKey) })
    .encrypt(encryptionKey)
}

/** @throws where the key was sealed by another encryption key */
export async function openKey(sealed: string, encryptionKey: Uint8Array): Promise<JWK> {
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
