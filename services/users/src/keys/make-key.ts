import { sealKey } from '@rollcall/keys/sealed-key'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'

/** A new ES256 pair as it is stored, its private half sealed. */
export async function makeKey(encryptionKey: Uint8Array) {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const privateJwk = await exportJWK(pair.privateKey)
  const { kty, crv, x, y } = privateJwk
  const kid = await calculateJwkThumbprint(privateJwk)
  const publicJwk = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }
  const sealed = await sealKey({ ...privateJwk, kid, alg: 'ES256' }, encryptionKey)
  return { kid, public_jwk: JSON.stringify(publicJwk), sealed_private_jwk: sealed }
}
