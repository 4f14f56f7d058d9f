import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { sealed } from './fields.ts'
import { NotUnsealable, seal, unseal } from './seal.ts'

async function keyPair() {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  return { publicJwk: await exportJWK(publicKey), privateJwk: await exportJWK(privateKey) }
}

const payload = { verifyUrl: 'https://rollcall.example/auth/verify-email/1/canary-token' }

describe('seal', () => {
  it('opens with the private key and shows nothing of the payload', async () => {
    const { publicJwk, privateJwk } = await keyPair()
    const jwe = await seal(publicJwk, payload)
    expect(sealed.parse(jwe)).toBe(jwe)
    expect(Buffer.from(jwe, 'base64url').toString('latin1')).not.toContain('canary')
    expect(await unseal([privateJwk], jwe)).toEqual(payload)
  })

  it('still opens after the key has been rotated', async () => {
    const [before, after] = [await keyPair(), await keyPair()]
    const jwe = await seal(before.publicJwk, payload)
    expect(await unseal([after.privateJwk, before.privateJwk], jwe)).toEqual(payload)
  })

  it('uses the key id that the key names', async () => {
    const { publicJwk, privateJwk } = await keyPair()
    const jwe = await seal({ ...publicJwk, kid: 'mail-1' }, payload)
    expect(await unseal([{ ...privateJwk, kid: 'mail-1' }], jwe)).toEqual(payload)
  })
})

describe('unseal', () => {
  it('refuses what was sealed for somebody else', async () => {
    const [ours, theirs] = [await keyPair(), await keyPair()]
    await expect(unseal([ours.privateJwk], await seal(theirs.publicJwk, payload))).rejects.toThrow(NotUnsealable)
  })

  it('refuses a damaged part', async () => {
    const { publicJwk, privateJwk } = await keyPair()
    const parts = (await seal(publicJwk, payload)).split('.')
    parts[3] = Buffer.from('other text').toString('base64url')
    await expect(unseal([privateJwk], parts.join('.'))).rejects.toThrow(NotUnsealable)
    await expect(unseal([privateJwk], 'not a sealed part')).rejects.toThrow(NotUnsealable)
  })
})
