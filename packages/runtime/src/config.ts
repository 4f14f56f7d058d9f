import { z } from 'zod'

export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment'
}

/**
 * Reads a service's settings out of its environment.
 *
 * @throws {InvalidEnvironment} with every problem at once: nobody should mend a deployment one variable per restart.
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.infer<Schema> {
  // An empty variable is how compose files and shells say "not set".
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(present)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`)
  throw new InvalidEnvironment(`invalid environment, ${problems.length} problem(s):\n${problems.join('\n')}`)
}

const port = z.coerce.number().int().min(0).max(65_535)

/** A list as environments write it: `a,b`. */
export const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** JSON in a variable, checked by `schema`; what fails to parse is reported like any other problem. */
export function jsonVariable<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** What every service reads, whatever it does. */
export const processEnvironment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PORT: port,
  /** Health and metrics, for the orchestrator alone; never behind the gateway. */
  INNER_PORT: port,
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(200).default(10),
  KAFKA_BROKERS: commaList.pipe(z.array(z.string().regex(/^[^:]+:\d+$/, 'must be host:port')).min(1)),
  /** Lets several Rollcalls share a cluster. */
  KAFKA_NAMESPACE: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{0,80}$/)
    .default(''),
  /** After how long without a sign of life a consumer's partitions go to another process. */
  CONSUMER_SESSION_SECONDS: z.coerce.number().min(6).max(300).default(45),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  CORS_ORIGINS: commaList.default([]),
  /** Addresses or ranges of the proxies whose X-Forwarded-For counts. */
  TRUSTED_PROXIES: commaList.default(['loopback']),
  /** Multiplies every request limit; load runs raise it. */
  RATE_LIMIT_FACTOR: z.coerce.number().positive().default(1),
  ROLLCALL_CHECKPOINT_KILL: z.string().optional(),
})

/** The settings of every service, as its parts take them. */
export function sharedSettings(env: z.infer<typeof processEnvironment>) {
  return {
    logLevel: env.LOG_LEVEL,
    publicUrl: env.PUBLIC_URL,
    http: {
      port: env.PORT,
      innerPort: env.INNER_PORT,
      corsOrigins: env.CORS_ORIGINS,
      trustedProxies: env.TRUSTED_PROXIES,
      rateLimitFactor: env.RATE_LIMIT_FACTOR,
      /** Tests hold every answer against its declaration. */
      checkAnswers: env.NODE_ENV === 'test',
    },
    database: { url: env.DATABASE_URL, maxConnections: env.DATABASE_CONNECTIONS },
    kafka: {
      brokers: env.KAFKA_BROKERS,
      namespace: env.KAFKA_NAMESPACE,
      sessionTimeoutMs: env.CONSUMER_SESSION_SECONDS * 1000,
    },
    redis: { url: env.REDIS_URL },
    checkpointKill: env.ROLLCALL_CHECKPOINT_KILL,
  }
}

export type SharedSettings = ReturnType<typeof sharedSettings>

/** Marks every secret of the local defaults (`infra/docker/local`). */
const WELL_KNOWN = 'local-only'

/** Test apparatus, and in production secrets that everybody knows, are misconfigurations: the service does not start. */
export function refuseUnsafeSettings(
  environment: { NODE_ENV: string; ROLLCALL_CHECKPOINT_KILL?: string | undefined },
  context: z.RefinementCtx,
): void {
  const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
  const { NODE_ENV, ROLLCALL_CHECKPOINT_KILL } = environment
  if (NODE_ENV !== 'test' && ROLLCALL_CHECKPOINT_KILL !== undefined) {
    refuse('ROLLCALL_CHECKPOINT_KILL', 'is a test setting: it needs NODE_ENV=test')
  }
  if (NODE_ENV !== 'production') return
  for (const [name, value] of Object.entries(environment)) {
    if (textOf(value).includes(WELL_KNOWN)) refuse(name, 'is a default that everybody knows')
  }
}

/** Keys come as bytes or as JWKs, whose `kid` tells where they are from. */
function textOf(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : (JSON.stringify(value) ?? '')
}
