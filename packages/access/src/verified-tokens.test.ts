import { randomUUID } from 'node:crypto'
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, type JWTVerifyGetKey, SignJWT } from 'jose'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { apiToken, opsToken, type TokenKind } from './token-kinds.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

const ISSUER = 'http://rollcall.test'
const verifications = vi.spyOn(crypto.subtle, 'verify')

interface Issuer {
  publicJwk: JWK
  sign(kind?: TokenKind): Promise<string>
}

async function anIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const claims = { sid: randomUUID(), role: 'manager', professional: false, operator: false, ver: 3 }
  return {
    publicJwk: { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' },
    sign: ({ audience, typ } = apiToken) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'one', typ })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setSubject(randomUUID())
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime('10 minutes')
        .sign(privateKey),
  }
}

let issuer: Issuer
let published: JWK[]
let tokens: ReturnType<typeof createVerifiedTokens>
/** As a service has them: fetched anew from time to time. */
let set: JWTVerifyGetKey

function publish(keys: JWK[]): void {
  published = keys
  set = createLocalJWKSet({ keys: published })
}

beforeEach(async () => {
  issuer = await anIssuer()
  publish([issuer.publicJwk])
  tokens = createVerifiedTokens({ issuer: ISSUER, keys: (header, token) => set(header, token) })
  verifications.mockClear()
})
afterEach(() => vi.useRealTimers())

test('verifies a token once, however often it comes', async () => {
  const token = await issuer.sign()
  const first = await tokens.claimsOf(apiToken, token)
  expect(first).toMatchObject({ role: 'manager', ver: 3 })
  for (let i = 0; i < 5; i += 1) expect(await tokens.claimsOf(apiToken, token)).toEqual(first)
  expect(verifications).toHaveBeenCalledTimes(1)
})

test('S25: refuses a token that has expired since', async () => {
  const now = Date.now()
  vi.useFakeTimers({ now, toFake: ['Date'] })
  const token = await issuer.sign()
  await tokens.claimsOf(apiToken, token)
  vi.setSystemTime(now + 10 * 60_000 + 28_000)
  await tokens.claimsOf(apiToken, token)
  vi.setSystemTime(now + 10 * 60_000 + 31_000)
  await expect(tokens.claimsOf(apiToken, token)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' })
})

test('S33: refuses a token whose key has been withdrawn', async () => {
  const token = await issuer.sign()
  await tokens.claimsOf(apiToken, token)
  publish([])
  await expect(tokens.claimsOf(apiToken, token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
})

test('refuses a token whose key was replaced by another of its name', async () => {
  const token = await issuer.sign()
  await tokens.claimsOf(apiToken, token)
  publish([(await anIssuer()).publicJwk])
  await expect(tokens.claimsOf(apiToken, token)).rejects.toMatchObject({
    code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  })
})

test('takes a token again after its key was published anew', async () => {
  const token = await issuer.sign()
  await tokens.claimsOf(apiToken, token)
  publish([{ ...issuer.publicJwk }])
  expect(await tokens.claimsOf(apiToken, token)).toMatchObject({ ver: 3 })
})

test('S24: does not take a token for another kind because it is known', async () => {
  const token = await issuer.sign(opsToken)
  await tokens.claimsOf(opsToken, token)
  await expect(tokens.claimsOf(apiToken, token)).rejects.toThrow()
})

test('S23: does not know a token that differs in its last letter', async () => {
  const token = await issuer.sign()
  await tokens.claimsOf(apiToken, token)
  const forged = token.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'))
  await expect(tokens.claimsOf(apiToken, forged)).rejects.toMatchObject({
    code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  })
})
