import { okWith } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { keysApi } from './api.ts'
import type { Keyring } from './keyring.ts'

interface Deps {
  keyring: Keyring
  issuer: string
  publicUrl: string
}

/** Long enough to spare us most requests, short enough for a rotation to be seen within a token's life. */
const CACHED = { 'cache-control': 'public, max-age=300' }

export function keyRoutes({ keyring, issuer, publicUrl }: Deps): Route[] {
  return implement(keysApi, {
    async getJwks() {
      return okWith(CACHED, keyring.jwks)
    },
    async getDiscovery() {
      const document = {
        issuer,
        jwks_uri: `${publicUrl}/.well-known/jwks.json`,
        userinfo_endpoint: `${publicUrl}/auth/me`,
        id_token_signing_alg_values_supported: ['ES256'],
        subject_types_supported: ['public'],
        response_types_supported: [],
        grant_types_supported: [],
      }
      return okWith(CACHED, document)
    },
  })
}
