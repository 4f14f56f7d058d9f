import { createServer } from 'node:http'
import { newId } from '@rollcall/runtime/ids'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

interface TokenClaims {
  userId: string
  role: string
  version?: number
  sessionId?: string
  professional?: boolean
  issuer?: string
  audience?: string
  /** Seconds from now. */
  expiresIn?: number
  typ?: string
}

export interface TokenIssuer {
  jwksUrl: string
  issuer: string
  sign(claims: TokenClaims): Promise<string>
  stop(): void
}

/** Stands for the users service where another service is tested alone: publishes keys, and signs whatever is asked for. */
export async function startTokenIssuer(issuer: string): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] })
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(jwks))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    issuer,
    sign: ({ userId, role, version = 1, sessionId = newId(), professional = false, expiresIn = 900, ...other }) =>
      new SignJWT({ sid: sessionId, role, professional, operator: false, ver: version, client_id: 'rollcall' })
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: other.typ ?? 'at+jwt' })
        .setIssuer(other.issuer ?? issuer)
        .setAudience(other.audience ?? 'rollcall')
        .setSubject(userId)
        .setJti(newId())
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
        .sign(privateKey),
    stop: () => server.close(),
  }
}
