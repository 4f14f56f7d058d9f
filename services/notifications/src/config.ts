import { seconds } from '@rollcall/runtime/clock'
import {
  commaList,
  jsonVariable,
  parseEnvironment,
  processEnvironment,
  refuseUnsafeSettings,
  sharedSettings,
} from '@rollcall/runtime/config'
import { z } from 'zod'

const privateKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
})

const Environment = processEnvironment
  .extend({
    JWKS_URL: z.url({ protocol: /^https?$/ }),
    TOKEN_ISSUER: z.url().optional(),
    /** One JWK, or a list with the present one first and older ones for as long as facts sealed for them matter. */
    NOTIFICATIONS_PRIVATE_KEY: jsonVariable(
      z.union([privateKey.transform((key) => [key]), z.array(privateKey).min(1)]),
    ),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }),
    MAIL_FROM: z.string().regex(/^([^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'must be: Name <address>'),
    SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(20),
    MINIO_ENDPOINT: z.url({ protocol: /^https?$/ }),
    MINIO_ACCESS_KEY: z.string().min(1),
    MINIO_SECRET_KEY: z.string().min(1),
    /** How long an attempt owns its delivery; a dead worker's mails wait for the end of it. */
    DELIVERY_LEASE_SECONDS: z.coerce.number().min(1).max(600).default(60),
    SWEEP_INTERVAL_SECONDS: z.coerce.number().min(0.1).max(60).default(2),
    SWEEP_GRACE_SECONDS: z.coerce.number().min(0.1).max(600).default(15),
    /** Queues that the dashboard shows. */
    DASHBOARD_QUEUES: commaList.default(['mails', 'tickets']),
  })
  .superRefine(refuseUnsafeSettings)

export type NotificationsConfig = ReturnType<typeof loadConfig>

/** @throws {InvalidEnvironment} with every problem at once */
export function loadConfig(environment: Record<string, string | undefined>) {
  const env = parseEnvironment(Environment, environment)
  const leaseMs = seconds(env.DELIVERY_LEASE_SECONDS)
  return {
    ...sharedSettings(env),
    storage: { endpoint: env.MINIO_ENDPOINT, accessKey: env.MINIO_ACCESS_KEY, secretKey: env.MINIO_SECRET_KEY },
    tokens: { issuer: env.TOKEN_ISSUER ?? env.PUBLIC_URL, jwksUrl: env.JWKS_URL },
    privateKeys: env.NOTIFICATIONS_PRIVATE_KEY,
    mail: {
      url: env.SMTP_URL,
      from: env.MAIL_FROM,
      poolSize: env.SMTP_CONNECTIONS,
      // An attempt must be over before its delivery may be given to another worker.
      attemptTimeoutMs: Math.round(leaseMs * 0.75),
    },
    leaseMs,
    sweeper: { intervalMs: seconds(env.SWEEP_INTERVAL_SECONDS), graceMs: seconds(env.SWEEP_GRACE_SECONDS) },
    dashboardQueues: env.DASHBOARD_QUEUES,
  }
}
