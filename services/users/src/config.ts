import { availableParallelism } from 'node:os'
import { keyEncryptionKey } from '@rollcall/keys/sealed-key'
import { days, hours } from '@rollcall/runtime/clock'
import {
  jsonVariable,
  parseEnvironment,
  processEnvironment,
  refuseUnsafeSettings,
  sharedSettings,
} from '@rollcall/runtime/config'
import { z } from 'zod'

const publicKey = z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() })

const Environment = processEnvironment
  .extend({
    FIRST_USER_IS_ADMIN: z.stringbool().default(false),
    PASSWORD_PEPPER: z.string().min(32, 'must be at least 32 characters'),
    BCRYPT_COST: z.coerce.number().int().min(4).max(16).default(12),
    HASH_WORKERS: z.coerce.number().int().min(1).max(64).default(availableParallelism()),
    /** Hashes that may wait before people are told to come back. */
    HASH_QUEUE: z.coerce.number().int().min(1).max(10_000).default(60),
    KEY_ENCRYPTION_KEY: keyEncryptionKey,
    NOTIFICATIONS_PUBLIC_KEY: jsonVariable(publicKey),
    TOKEN_ISSUER: z.url().optional(),
    EMAIL_VERIFICATION_HOURS: z.coerce.number().positive().max(168).default(24),
    PASSWORD_RESET_HOURS: z.coerce.number().positive().max(24).default(1),
    /** `private`: a sign-up is answered alike whether the address has an account, and its owner is mailed. */
    SIGNUP_DISCLOSURE: z.enum(['open', 'private']).default('open'),
    /** A session ends then, however often it is refreshed. */
    SESSION_DAYS: z.coerce.number().positive().max(400).default(30),
    /** A session that is not refreshed for so long ends. */
    SESSION_IDLE_DAYS: z.coerce.number().positive().max(400).default(14),
  })
  .superRefine((environment, context) => {
    refuseUnsafeSettings(environment, context)
    if (environment.NODE_ENV !== 'production') return
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (environment.BCRYPT_COST < 10) refuse('BCRYPT_COST', 'must be at least 10 in production')
    // Whoever finds the address first would own the place; `rollcall admin create` makes the first admin instead.
    if (environment.FIRST_USER_IS_ADMIN) refuse('FIRST_USER_IS_ADMIN', 'must not be true in production')
  })

export type UsersConfig = ReturnType<typeof loadConfig>

/** @throws {InvalidEnvironment} with every problem at once */
export function loadConfig(environment: Record<string, string | undefined>) {
  const env = parseEnvironment(Environment, environment)
  return {
    ...sharedSettings(env),
    accounts: {
      firstUserIsAdmin: env.FIRST_USER_IS_ADMIN,
      disclosesAccounts: env.SIGNUP_DISCLOSURE === 'open',
      verificationMs: hours(env.EMAIL_VERIFICATION_HOURS),
      resetMs: hours(env.PASSWORD_RESET_HOURS),
    },
    sessionLife: { absoluteMs: days(env.SESSION_DAYS), idleMs: days(env.SESSION_IDLE_DAYS) },
    passwords: {
      pepper: env.PASSWORD_PEPPER,
      cost: env.BCRYPT_COST,
      workers: env.HASH_WORKERS,
      queueLimit: env.HASH_QUEUE,
    },
    tokens: { issuer: env.TOKEN_ISSUER ?? env.PUBLIC_URL, encryptionKey: env.KEY_ENCRYPTION_KEY },
    notificationsKey: env.NOTIFICATIONS_PUBLIC_KEY,
  }
}
