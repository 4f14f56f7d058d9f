import { expect, it } from 'vitest'
import { keyEncryptionKey, openKey, sealKey } from './sealed-key.ts'

const key = (byte: number) => new Uint8Array(32).fill(byte)
const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'secret' }

it('opens what it was sealed by, and nothing else does', async () => {
  const sealed = await sealKey(jwk, key(1))
  expect(sealed).not.toContain('secret')
  expect(await openKey(sealed, key(1))).toEqual(jwk)
  await expect(openKey(sealed, key(2))).rejects.toThrow('KEY_ENCRYPTION_KEY does not open')
})

it('takes 32 bytes', () => {
  expect(keyEncryptionKey.parse(Buffer.from(key(7)).toString('base64url'))).toEqual(key(7))
  expect(keyEncryptionKey.safeParse('c2hvcnQ').success).toBe(false)
})
