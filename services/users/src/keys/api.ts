import { defineApi } from '@rollcall/http/operation'
import { z } from 'zod'

const JwksSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).meta({ id: 'JWKS' })

const DiscoverySchema = z
  .object({
    issuer: z.url(),
    jwks_uri: z.url(),
    token_endpoint: z.url(),
    token_endpoint_auth_methods_supported: z.array(z.string()),
    userinfo_endpoint: z.url(),
    id_token_signing_alg_values_supported: z.array(z.string()),
    subject_types_supported: z.array(z.string()),
    response_types_supported: z.array(z.string()),
    grant_types_supported: z.array(z.string()),
  })
  .meta({ id: 'Discovery' })

export const keysApi = defineApi({
  getJwks: {
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'Public keys that access tokens verify with (RFC 7517)',
    tag: 'tokens',
    permission: 'public',
    answers: { 200: { description: 'The key set', schema: JwksSchema } },
  },
  getDiscovery: {
    method: 'get',
    path: '/.well-known/openid-configuration',
    summary: 'Where a gateway finds issuer and keys',
    tag: 'tokens',
    permission: 'public',
    answers: { 200: { description: 'The discovery document', schema: DiscoverySchema } },
  },
})
