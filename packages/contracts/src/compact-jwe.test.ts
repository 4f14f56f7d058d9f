import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { deriveKey } from './compact-jwe.ts'
import { NotUnsealable, unseal } from './seal.ts'

const KID = 'mail-1'
const payload = { verifyUrl: 'https://rollcall.example/auth/verify-email/1/token' }
const text = new TextEncoder()
const base64url = (value: string | Uint8Array) => Buffer.from(value as string).toString('base64url')

let publicJwk: JWK
let privateJwk: JWK

beforeAll(async () => {
  const pair = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  publicJwk = await exportJWK(pair.publicKey)
  privateJwk = { ...(await exportJWK(pair.privateKey)), kid: KID }
})

interface Sealing {
  header?: object
  parties?: { apu?: Uint8Array; apv?: Uint8Array }
  plaintext?: string
}

/** As jose seals it, with what our own seal never does. */
async function sealed({ header = {}, parties = {}, plaintext = JSON.stringify(payload) }: Sealing = {}) {
  return new CompactEncrypt(text.encode(plaintext))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: KID, ...header })
    .setKeyManagementParameters(parties)
    .encrypt(await importJWK(publicJwk, 'ECDH-ES'))
}

/** What jose makes of it, allowed no other algorithms; undefined where it refuses. */
async function openByJose(jwe: string): Promise<unknown> {
  const allowed = { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] }
  try {
    const { plaintext } = await compactDecrypt(jwe, await importJWK(privateJwk, 'ECDH-ES'), allowed)
    return JSON.parse(new TextDecoder().decode(plaintext))
  } catch {
    return undefined
  }
}

/** What we make of it; undefined where we refuse. Refusing is one error, whatever is wrong. */
async function open(jwe: string): Promise<unknown> {
  try {
    return await unseal([privateJwk], jwe)
  } catch (error) {
    expect(error).toBeInstanceOf(NotUnsealable)
    return undefined
  }
}

describe('the derived key', () => {
  it('is that of RFC 7518, appendix C', () => {
    const alice = {
      kty: 'EC',
      crv: 'P-256',
      x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
      y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
      d: '0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo',
    }
    const bob = {
      kty: 'EC',
      crv: 'P-256',
      x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
      y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
    }
    const secret = diffieHellman({
      privateKey: createPrivateKey({ key: alice, format: 'jwk' }),
      publicKey: createPublicKey({ key: bob, format: 'jwk' }),
    })
    expect([...secret.subarray(0, 4), secret.length]).toEqual([158, 86, 217, 29, 32])
    const parties = { apu: Buffer.from('Alice'), apv: Buffer.from('Bob') }
    const key = deriveKey(secret, { algorithm: 'A128GCM', bits: 128, ...parties })
    expect(key.toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg')
  })
})

describe('what jose has sealed', () => {
  it.each<[string, Sealing]>([
    ['as we do', {}],
    ['with the names of both parties', { parties: { apu: text.encode('users'), apv: text.encode('notifications') } }],
    ['with the name of one party', { parties: { apv: text.encode('notifications') } }],
    ['with a header beside', { header: { typ: 'JWE', cty: 'json' } }],
    ['with letters of every length', { plaintext: JSON.stringify({ text: 'Zürich ✓ 𝒜\u0000' }) }],
    ['with a long text', { plaintext: JSON.stringify({ text: 'x'.repeat(50_000) }) }],
  ])('opens: %s', async (_, sealing) => {
    const jwe = await sealed(sealing)
    const opened = await open(jwe)
    expect(opened).toBeDefined()
    expect(opened).toEqual(await openByJose(jwe))
  })

  it('opens many times, each alike', async () => {
    for (let round = 0; round < 50; round += 1) expect(await open(await sealed())).toEqual(payload)
  })
})

type Parts = [header: string, key: string, iv: string, ciphertext: string, tag: string]
const withHeader = (changes: object) => (parts: Parts) => {
  const header = { ...JSON.parse(Buffer.from(parts[0], 'base64url').toString()), ...changes }
  return [base64url(JSON.stringify(header)), ...parts.slice(1)]
}
const withEpk = (changes: object) => (parts: Parts) => {
  const { epk } = JSON.parse(Buffer.from(parts[0], 'base64url').toString())
  return withHeader({ epk: { ...epk, ...changes } })(parts)
}
const replaced = (index: number, value: string | ((part: string) => string)) => (parts: Parts) =>
  parts.map((part, at) => (at !== index ? part : typeof value === 'string' ? value : value(part)))

describe('what jose refuses', () => {
  it.each<[string, (parts: Parts) => string[]]>([
    ['nothing at all', () => ['']],
    ['four parts', (parts) => parts.slice(0, 4)],
    ['six parts', (parts) => [...parts, '']],
    ['a wrapped key', replaced(1, 'AAAA')],
    ['no header', replaced(0, '')],
    ['a header that is no base64url', replaced(0, '§§§')],
    ['a header that is no JSON', replaced(0, base64url('{'))],
    ['a header that is no object', replaced(0, base64url('[]'))],
    ['a header that is null', replaced(0, base64url('null'))],
    ['a header that is no UTF-8', replaced(0, base64url(Uint8Array.of(0x7b, 0xff, 0x7d)))],
    ['another key agreement', withHeader({ alg: 'ECDH-ES+A256KW' })],
    ['a shared key', withHeader({ alg: 'dir' })],
    ['no algorithm', withHeader({ alg: undefined })],
    ['another encryption', withHeader({ enc: 'A128GCM' })],
    ['no encryption', withHeader({ enc: undefined })],
    ['what must be understood', withHeader({ crit: ['exp'], exp: 1 })],
    ['an empty list of that', withHeader({ crit: [] })],
    ['no ephemeral key', withHeader({ epk: undefined })],
    ['an ephemeral key that is a text', withHeader({ epk: 'x' })],
    ['an ephemeral key of another kind', withEpk({ kty: 'OKP' })],
    ['an ephemeral key of another curve', withEpk({ crv: 'P-384' })],
    ['an ephemeral key with its private half', withEpk({ d: 'AAAA' })],
    ['an ephemeral key beside the curve', withEpk({ x: base64url(new Uint8Array(32).fill(1)) })],
    ['an ephemeral key at zero', withEpk({ x: base64url(new Uint8Array(32)), y: base64url(new Uint8Array(32)) })],
    ['an ephemeral key too short', withEpk({ y: 'AAAA' })],
    ['an ephemeral key with a number', withEpk({ x: 1 })],
    ['a party that is no text', withHeader({ apu: 1 })],
    ['a party that is no base64url', withHeader({ apv: '!' })],
    ['both parties alike', withHeader({ apu: 'AAAA', apv: 'AAAA' })],
    ['a party that was not there', withHeader({ apu: 'AAAA' })],
    ['no vector', replaced(2, '')],
    ['a short vector', replaced(2, 'AAAA')],
    ['another vector', replaced(2, base64url(new Uint8Array(12)))],
    ['no content', replaced(3, '')],
    ['other content', replaced(3, base64url('other text'))],
    ['content that is no base64url', replaced(3, (part) => `${part}=`)],
    ['no tag', replaced(4, '')],
    ['a short tag', replaced(4, (part) => base64url(Buffer.from(part, 'base64url').subarray(0, 12)))],
    ['a long tag', replaced(4, (part) => `${part}AA`)],
    ['another tag', replaced(4, base64url(new Uint8Array(16)))],
  ])('is refused: %s', async (_, change) => {
    const hostile = change((await sealed()).split('.') as Parts).join('.')
    expect(await openByJose(hostile)).toBeUndefined()
    expect(await open(hostile)).toBeUndefined()
  })

  it('is refused, whichever letter of a sealed part is another', async () => {
    const jwe = await sealed({ plaintext: '{"a":1}' })
    for (let at = 0; at < jwe.length; at += 1) {
      const letter = jwe[at] === 'A' ? 'B' : 'A'
      const changed = jwe.slice(0, at) + letter + jwe.slice(at + 1)
      const opened = await open(changed)
      if (opened !== undefined) expect(opened, `letter ${at}`).toEqual(await openByJose(changed))
    }
  })

  it('is refused when its content is no JSON', async () => {
    expect(await open(await sealed({ plaintext: 'no JSON' }))).toBeUndefined()
  })
})

it('opens nothing that is compressed, which we never do and which may swell', async () => {
  const jwe = await sealed({ header: { zip: 'DEF' } })
  expect(await openByJose(jwe)).toEqual(payload)
  expect(await open(jwe)).toBeUndefined()
})
