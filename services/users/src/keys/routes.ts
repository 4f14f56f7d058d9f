import { okWith } from '@rollcall/http/answers'
import { implement, type Route } from '@rollcall/http/operation'
import { keysApi } from './api.ts'
import { CACHED_SECONDS } from './key-times.ts'
import type { Keyring } from './keyring.ts'

interface Deps {
  keyring: Keyring
  issuer: string
  publicUrl: string
}

const CACHED = { 'cache-control': `public, max-age=${CACHED_SECONDS}` }

export function keyRoutes({ keyring, issuer, publicUrl }: Deps): Route[] {
  return implement(keysApi, {
    async getJwks() {
      return okWith(CACHED, keyring.jwks())
    },
    async getDiscovery() {
      const document = {
        issuer,
        jwks_uri: `${publicUrl}/.well-known/jwks.json`,
        token_endpoint: `${publicUrl}/auth/token`,
        token_endpoint_auth_methods_supported: ['none'],
        userinfo_endpoint: `${publicUrl}/auth/me`,
        id_token_signing_alg_values_supported: ['ES256'],
        subject_types_supported: ['public'],
        response_types_supported: [],
        grant_types_supported: ['password', 'refresh_token'],
      }
      return okWith(CACHED, document)
    },
  })
}
