import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { auth } from 'express-oauth2-jwt-bearer'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Person } from '../person.ts'
import type { System } from '../system.ts'
import { type Outcome, outcomeOf } from './outcome.ts'

const AUDIENCE = 'rollcall'

/** The same token with another signature. */
function forged(token: string): string {
  const [head, body, signature = ''] = token.split('.')
  return [head, body, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.')
}

/** jose takes our access tokens by discovery, as docs/verify-tokens.md shows. */
export function verifyByJose({ publicUrl: issuer }: System, { id, token }: Person): Promise<Outcome> {
  return outcomeOf('jose verifies access tokens by discovery', async () => {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`)
    const { jwks_uri } = z.object({ jwks_uri: z.url() }).parse(await answer.json())
    const keys = createRemoteJWKSet(new URL(jwks_uri))
    const verify = (it: string) =>
      jwtVerify(it, keys, { issuer, audience: AUDIENCE, typ: 'at+jwt', algorithms: ['ES256'] })
    const { payload } = await verify(token)
    if (payload.sub !== id) throw new Error('the token names somebody else')
    const isRefused = await verify(forged(token)).then(
      () => false,
      () => true,
    )
    if (!isRefused) throw new Error('a forged signature is taken')
    return 'ES256, a forged signature is refused'
  })
}

/** So does the middleware of Express, which is given the issuer and nothing else. */
export function verifyByExpress({ publicUrl }: System, { token }: Person): Promise<Outcome> {
  return outcomeOf('express-oauth2-jwt-bearer verifies access tokens by discovery', async () => {
    const app = express()
    app.use(auth({ issuerBaseURL: publicUrl, audience: AUDIENCE, tokenSigningAlg: 'ES256' }))
    app.get('/', (_req, res) => void res.json({ ok: true }))
    const server = createServer(app).listen(0)
    try {
      const { port } = server.address() as AddressInfo
      const ask = async (it: string) =>
        (await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: `Bearer ${it}` } })).status
      const [genuine, other] = [await ask(token), await ask(forged(token))]
      if (genuine !== 200 || other !== 401) throw new Error(`answers ${genuine} and ${other}`)
      return 'a token is taken, a forged signature is refused'
    } finally {
      server.close()
    }
  })
}
