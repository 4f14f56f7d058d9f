import { keyEncryptionKey } from '@rollcall/keys/sealed-key'
import {
  jsonVariable,
  parseEnvironment,
  processEnvironment,
  refuseUnsafeSettings,
  sharedSettings,
} from '@rollcall/runtime/config'
import { z } from 'zod'

const signingKey = z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() })

const publicKey = z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() })

const Environment = processEnvironment
  .extend({
    /** Where the users service publishes the keys of access tokens. */
    JWKS_URL: z.url({ protocol: /^https?$/ }),
    TOKEN_ISSUER: z.url().optional(),
    /** The first key of tickets; the next ones are in the database. */
    TICKET_SIGNING_KEY: jsonVariable(signingKey),
    KEY_ENCRYPTION_KEY: keyEncryptionKey,
    /** Seals what only mails may say. */
    NOTIFICATIONS_PUBLIC_KEY: jsonVariable(publicKey),
    MINIO_ENDPOINT: z.url({ protocol: /^https?$/ }),
    MINIO_ACCESS_KEY: z.string().min(3),
    MINIO_SECRET_KEY: z.string().min(8),
    /** Tickets at once. */
    TICKET_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(4),
  })
  .superRefine(refuseUnsafeSettings)

export type EventsConfig = ReturnType<typeof loadConfig>

/** @throws {InvalidEnvironment} with every problem at once */
export function loadConfig(environment: Record<string, string | undefined>) {
  const env = parseEnvironment(Environment, environment)
  return {
    ...sharedSettings(env),
    storage: { endpoint: env.MINIO_ENDPOINT, accessKey: env.MINIO_ACCESS_KEY, secretKey: env.MINIO_SECRET_KEY },
    tokens: { issuer: env.TOKEN_ISSUER ?? env.PUBLIC_URL, jwksUrl: env.JWKS_URL },
    notificationsKey: env.NOTIFICATIONS_PUBLIC_KEY,
    tickets: {
      signingKey: env.TICKET_SIGNING_KEY,
      encryptionKey: env.KEY_ENCRYPTION_KEY,
      concurrency: env.TICKET_CONCURRENCY,
    },
  }
}
