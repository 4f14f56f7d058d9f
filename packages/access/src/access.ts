import type { OutboxTables } from '@rollcall/outbox/tables'
import { startCleanUp } from '@rollcall/runtime/clean-up'
import { type Clock, hours, seconds } from '@rollcall/runtime/clock'
import type { Logger } from '@rollcall/runtime/logger'
import { createRemoteJWKSet } from 'jose'
import type { Kysely } from 'kysely'
import { type Authenticator, createAuthenticator } from './authenticate.ts'
import { createFindCaller, deleteExpiredSessions } from './queries.ts'
import { accessSubscriptions } from './subscriptions.ts'
import type { AccessTables } from './tables.ts'

/** Longer than a token lives: the users service may be away as long as that without anybody noticing. */
const KEYS_KEPT_MS = hours(1)

/** A process that would have told of a demotion and died is replaced this fast. */
const SESSION_TIMEOUT_MS = seconds(6)

export interface AccessOptions<Tables> {
  db: Kysely<Tables>
  clock: Clock
  log: Logger
  own<Resource>(resource: Resource, close: (resource: Resource) => unknown): Resource
  tokens: {
    /** Where the users service publishes the keys of access tokens. */
    jwksUrl: string
    issuer: string
  }
}

export interface Access {
  authenticate: Authenticator
  /** What a consumer group has to be given, so that a change of a role or the end of a session is known here. */
  group: { subscriptions: ReturnType<typeof accessSubscriptions>; sessionTimeoutMs: number; startAt: 'earliest' }
}

/** Who calls a service that is not the users service itself: tokens by its public keys, people by what it has told. */
export function openAccess<Tables extends AccessTables & OutboxTables>(options: AccessOptions<Tables>): Access {
  const { clock, log, own, tokens } = options
  // Kysely<T> is invariant in T; the constraint above already proves that the tables exist.
  const db = options.db as unknown as Kysely<AccessTables & OutboxTables>
  const forget = (limit: number) => deleteExpiredSessions(db, clock.now(), limit)
  own(startCleanUp({ name: 'ended-sessions', log }, forget), (it) => it.stop())
  return {
    authenticate: createAuthenticator({
      keys: createRemoteJWKSet(new URL(tokens.jwksUrl), { cacheMaxAge: KEYS_KEPT_MS }),
      issuer: tokens.issuer,
      findCaller: createFindCaller(db),
    }),
    group: { subscriptions: accessSubscriptions(db), sessionTimeoutMs: SESSION_TIMEOUT_MS, startAt: 'earliest' },
  }
}
