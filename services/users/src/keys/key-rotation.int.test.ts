import { hours, minutes } from '@rollcall/runtime/clock'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aClock } from '../../test/a-clock.ts'
import { type RunningUsers, startUsers } from '../../test/running-users.ts'
import { loadConfig } from '../config.ts'
import { replaceKeys, rotateKeys } from './rotate-keys.ts'

const clock = aClock()
let users: RunningUsers
let deps: Parameters<typeof rotateKeys>[0]

beforeAll(async () => {
  users = await startUsers({ clock })
  const { encryptionKey } = loadConfig(users.environment).tokens
  deps = { db: users.db, clock, encryptionKey }
})

afterAll(() => users?.stop())

const jwks = () => users.api.get('/.well-known/jwks.json')
const published = async (): Promise<string[]> => (await jwks()).body.keys.map(({ kid }: { kid: string }) => kid)
const kidOf = (token: string) => decodeProtectedHeader(token).kid
const works = async (token: string) => (await users.api.get('/me', { token })).status === 200

describe('rotating the keys', () => {
  it('S33: publishes the next key before it signs, and fails no request meanwhile', async () => {
    const ada = await users.join()
    const former = kidOf(ada.token)
    const answers: number[] = []
    let busy = true
    const load = (async () => {
      while (busy) {
        const { status, body } = await users.signIn(ada.email)
        answers.push(status, (await users.api.get('/me', { token: body.accessToken })).status)
      }
    })()
    const { kid } = await rotateKeys(deps)
    await expect.poll(published, { timeout: 5000 }).toContain(kid)
    expect(kidOf((await users.signIn(ada.email)).body.accessToken)).toBe(former)
    clock.advance(minutes(10))
    expect(kidOf((await users.signIn(ada.email)).body.accessToken)).toBe(kid)
    expect(await works(ada.token)).toBe(true)
    busy = false
    await load
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(await published()).toEqual(expect.arrayContaining([former, kid]))
  })

  it('S33: publishes no private member, and says how long the set may be kept', async () => {
    const { body, headers } = await jwks()
    for (const key of body.keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(headers.get('cache-control')).toBe('public, max-age=300')
  })

  it('retires a key when the last token that it has signed has ended', async () => {
    const before = await published()
    const { kid } = await rotateKeys(deps)
    clock.advance(minutes(10) + hours(9))
    await expect.poll(published, { timeout: 5000 }).toEqual([kid])
    expect(before).not.toContain(kid)
  })

  it('withdraws a key that has become known: its tokens end within a second', async () => {
    const ada = await users.join()
    const { kid, withdrawn } = await replaceKeys(deps)
    expect(withdrawn).toContain(kidOf(ada.token))
    await expect.poll(() => works(ada.token), { timeout: 2000 }).toBe(false)
    const again = (await users.signIn(ada.email)).body.accessToken
    expect([kidOf(again), await works(again)]).toEqual([kid, true])
    expect(await published()).toEqual([kid])
  })
})

describe('discovery', () => {
  it('S34: names the issuer of the tokens, endpoints that answer, and the grants that there are', async () => {
    const { body } = await users.api.get('/.well-known/openid-configuration')
    expect(body.issuer).toBe('http://rollcall.test')
    const path = (url: string) => new URL(url).pathname
    expect((await users.api.get(path(body.jwks_uri))).status).toBe(200)
    expect((await users.api.get(path(body.userinfo_endpoint))).status).toBe(401)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const grant of body.grant_types_supported) {
      const answer = await users.api.post(path(body.token_endpoint), { headers: form, body: `grant_type=${grant}` })
      expect(answer.body.error).toBe('invalid_request')
    }
    const other = await users.api.post(path(body.token_endpoint), { headers: form, body: 'grant_type=implicit' })
    expect(other.body.error).toBe('unsupported_grant_type')
  })
})
