import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newId } from '@rollcall/runtime/ids'
import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Authenticator, createAuthenticator, TokenRefused } from './authenticate.ts'

const ISSUER = 'http://rollcall.test'
const HOUR = 3600

let publicJwk: JWK
let privateKey: CryptoKey
let authenticate: Authenticator

const seconds = () => Math.floor(Date.now() / 1000)
const claims = () => ({
  ...{ iss: ISSUER, aud: 'rollcall', sub: newId(), jti: newId(), iat: seconds(), exp: seconds() + HOUR },
  ...{ sid: newId(), role: 'manager', professional: false, operator: false, ver: 1 },
})
const known = async () => ({ user: undefined, sessionEnded: false })

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  privateKey = pair.privateKey
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }
  authenticate = createAuthenticator({
    keys: createLocalJWKSet({ keys: [publicJwk] }),
    issuer: ISSUER,
    findCaller: known,
  })
})

interface Forged {
  header?: Record<string, unknown>
  payload?: Record<string, unknown>
  key?: CryptoKey | Uint8Array
}

function sign({ header = {}, payload = {}, key = privateKey }: Forged = {}): Promise<string> {
  const protectedHeader = { alg: 'ES256', kid: 'one', typ: 'at+jwt', ...header }
  return new SignJWT({ ...claims(), ...payload }).setProtectedHeader(protectedHeader).sign(key)
}

const caller = (token: string) => authenticate.bearer(`Bearer ${token}`)

it('takes a token that is as it has to be', async () => {
  expect(await caller(await sign())).toMatchObject({ role: 'manager' })
})

it.each<[string, Forged]>([
  ['another audience', { payload: { aud: 'other' } }],
  ['another issuer', { payload: { iss: 'http://elsewhere.test' } }],
  ['an expiry that has passed', { payload: { exp: seconds() - 61 } }],
  ['a beginning that has not come', { payload: { nbf: seconds() + 61 } }],
  ['no expiry', { payload: { exp: undefined } }],
  ['no session', { payload: { sid: undefined } }],
  ['a role that there is not', { payload: { role: 'king' } }],
])('S25: refuses a token with %s', async (_, forged) => {
  await expect(caller(await sign(forged))).rejects.toThrow(TokenRefused)
})

it.each([
  ['a refresh token’s', 'rt+jwt'],
  ['an operator’s', 'ops+jwt'],
  ['a plain JWT’s', 'JWT'],
])('S24: refuses a token of %s type', async (_, typ) => {
  await expect(caller(await sign({ header: { typ } }))).rejects.toThrow(TokenRefused)
})

describe('S23: a token that brings its own trust', () => {
  it('is refused without a signature', async () => {
    const token = new UnsecuredJWT(claims()).encode()
    await expect(caller(token)).rejects.toThrow(TokenRefused)
  })

  it('is refused when it is signed by the public key as if that were a secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk))
    await expect(caller(await sign({ header: { alg: 'HS256' }, key: secret }))).rejects.toThrow(TokenRefused)
  })

  it.each(['jwk', 'jku', 'x5u', 'kid'])('is refused when its key comes from %s', async (member) => {
    const own = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(own.publicKey)
    const values: Record<string, unknown> = { jwk, jku: 'http://evil.test/keys', x5u: 'http://evil.test/x', kid: 'two' }
    const token = await sign({ header: { [member]: values[member] }, key: own.privateKey })
    await expect(caller(token)).rejects.toThrow(TokenRefused)
  })
})

describe('S33: keys that are fetched', () => {
  it('are asked for once in a cool-down, also under random kids, and a new key is taken all the same', async () => {
    const next = await generateKeyPair('ES256', { extractable: true })
    const nextJwk = { ...(await exportJWK(next.publicKey)), kid: 'next', alg: 'ES256' }
    let published = [publicJwk]
    let fetched = 0
    const server = createServer((_req, res) => {
      fetched += 1
      res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }))
    }).listen(0)
    try {
      const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      const cooldownDuration = 300
      const keys = createRemoteJWKSet(url, { cacheMaxAge: HOUR * 1000, cooldownDuration })
      const remote = createAuthenticator({ keys, issuer: ISSUER, findCaller: known })
      const ask = (token: string) => remote.bearer(`Bearer ${token}`)
      await ask(await sign())
      expect(fetched).toBe(1)
      // Published longer before its first use than a cool-down lasts: strangers themselves have it fetched by then.
      published = [publicJwk, nextJwk]
      const began = Date.now()
      while (Date.now() - began < 2.5 * cooldownDuration) {
        await expect(ask(await sign({ header: { kid: newId() } }))).rejects.toThrow(TokenRefused)
      }
      expect(fetched).toBeLessThanOrEqual(4)
      const token = await sign({ header: { kid: 'next' }, key: next.privateKey })
      expect(await ask(token)).toMatchObject({ role: 'manager' })
      expect(fetched).toBeLessThanOrEqual(4)
    } finally {
      server.close()
    }
  })
})
