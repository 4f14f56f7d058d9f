import {
  CompactEncrypt,
  calculateJwkThumbprint,
  compactDecrypt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose'

const keyAgreement = 'ECDH-ES'
const encryption = 'A256GCM'

/** It can't be opened: made for another key, damaged, or no sealed part at all. */
export class NotUnsealable extends Error {
  override readonly name = 'NotUnsealable'
}

/**
 * Encrypts what only the notifications service may read, such as a link with its token.
 *
 * @param publicJwk EC P-256 key of the notifications service
 * @returns compact JWE; its header names the key by `kid` (the key's own, or its thumbprint), so that keys can be rotated
 */
export async function seal(publicJwk: JWK, payload: object): Promise<string> {
  const plaintext = new TextEncoder().encode(JSON.stringify(payload))
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: keyAgreement, enc: encryption, kid: await keyId(publicJwk) })
    .encrypt(await importJWK(publicJwk, keyAgreement))
}

/**
 * Opens a sealed part with the private key that it was made for.
 *
 * @param privateJwks the present key and those before it that may still be in use
 * @returns the payload, not validated
 * @throws {NotUnsealable}
 */
export async function unseal(privateJwks: readonly JWK[], jwe: string): Promise<unknown> {
  const jwk = await findKey(privateJwks, jwe)
  try {
    const { plaintext } = await compactDecrypt(jwe, await importJWK(jwk, keyAgreement), {
      keyManagementAlgorithms: [keyAgreement],
      contentEncryptionAlgorithms: [encryption],
    })
    return JSON.parse(new TextDecoder().decode(plaintext))
  } catch (cause) {
    throw new NotUnsealable('the sealed part does not open with its key', { cause })
  }
}

async function findKey(privateJwks: readonly JWK[], jwe: string): Promise<JWK> {
  const kid = readKeyId(jwe)
  for (const jwk of privateJwks) {
    if ((await keyId(jwk)) === kid) return jwk
  }
  throw new NotUnsealable(`no private key with the id ${JSON.stringify(kid)}`)
}

function readKeyId(jwe: string): string | undefined {
  try {
    return decodeProtectedHeader(jwe).kid
  } catch (cause) {
    throw new NotUnsealable('not a sealed part', { cause })
  }
}

/** A thumbprint covers public members only, so both halves of a pair have the same. */
async function keyId(jwk: JWK): Promise<string> {
  return jwk.kid ?? (await calculateJwkThumbprint(jwk))
}
