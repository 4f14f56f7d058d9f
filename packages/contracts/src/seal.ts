import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { CompactEncrypt, calculateJwkThumbprint, importJWK, type JWK } from 'jose'
import { type CompactJwe, decryptCompactJwe, encryption, keyAgreement, readCompactJwe } from './compact-jwe.ts'

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
 * @param privateJwks the present key and those before it that may still be in use; the same objects each time, as what was
 *   worked out of them is kept with them
 * @returns the payload, not validated
 * @throws {NotUnsealable}
 */
export async function unseal(privateJwks: readonly JWK[], part: string): Promise<unknown> {
  const jwe = read(part)
  const jwk = await findKey(privateJwks, jwe.header.kid)
  try {
    return JSON.parse(new TextDecoder().decode(decryptCompactJwe(keyObjectOf(jwk), jwe)))
  } catch (cause) {
    throw new NotUnsealable('the sealed part does not open with its key', { cause })
  }
}

function read(part: string): CompactJwe {
  try {
    return readCompactJwe(part)
  } catch (cause) {
    throw new NotUnsealable('not a sealed part', { cause })
  }
}

async function findKey(privateJwks: readonly JWK[], kid: string | undefined): Promise<JWK> {
  for (const jwk of privateJwks) {
    if ((await keyId(jwk)) === kid) return jwk
  }
  throw new NotUnsealable(`no private key with the id ${JSON.stringify(kid)}`)
}

const keyObjects = new WeakMap<JWK, KeyObject>()

function keyObjectOf(jwk: JWK): KeyObject {
  const known = keyObjects.get(jwk) ?? createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
  keyObjects.set(jwk, known)
  return known
}

/** A thumbprint covers public members only, so both halves of a pair have the same. */
async function keyId(jwk: JWK): Promise<string> {
  return jwk.kid ?? (await calculateJwkThumbprint(jwk))
}
