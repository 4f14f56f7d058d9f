import type { Caller } from './caller.ts'
import { DomainError } from './errors.ts'
import { unauthenticated, unavailable } from './refusals.ts'

/** How far a permission reaches: one's own resources, those of people below manager, or all. */
export type Scope = 'own' | 'below' | 'all'

type Grants = Partial<
  Record<'anonymous' | 'authenticated' | 'organizer' | 'professional' | 'manager' | 'admin' | 'operator', Scope>
>

const everybody: Grants = { anonymous: 'own', authenticated: 'own', organizer: 'own', manager: 'own', admin: 'own' }
const verified: Grants = { authenticated: 'own', organizer: 'own', manager: 'own', admin: 'own' }

/** Who may do what, once and for all services. Handlers ask for a permission, never for a role. */
export const permissions = {
  /** Needs no sign-in, and an `Authorization` header changes nothing: sign-up, sign-in, mailed links. */
  public: everybody,
  'events.browse': everybody,
  'account.own': verified,
  'registrations.own': verified,
  'events.propose': { organizer: 'own', professional: 'own', manager: 'all', admin: 'all' },
  'events.manage': { organizer: 'own', professional: 'own', manager: 'all', admin: 'all' },
  'users.change-role': { admin: 'all' },
  /** Queues and whatever else `/ops` shows. */
  'operations.read': { admin: 'all', operator: 'all' },
} as const satisfies Record<string, Grants>

export type Permission = keyof typeof permissions

/** Permissions that a caller without a token has. */
export type OpenPermission = 'public' | 'events.browse'

/** What permissions depend on. */
export type Standing = Pick<Caller, 'role' | 'professional' | 'operator'>

const reach: Scope[] = ['own', 'below', 'all']

/** The widest scope that a caller's role and statuses give, or undefined for none. */
export function scopeOf(permission: Permission, caller: Standing | undefined): Scope | undefined {
  const grants: Grants = permissions[permission]
  const held = [
    grants[caller?.role ?? 'anonymous'],
    caller?.professional ? grants.professional : undefined,
    caller?.operator ? grants.operator : undefined,
  ].filter((scope) => scope !== undefined)
  return held.sort((a, b) => reach.indexOf(b) - reach.indexOf(a))[0]
}

/** Beyond this age of what a service knows about roles, nobody acts on others' data by it. */
export const STALE_AFTER_MS = 60_000

/**
 * @param knowledgeAgeMs milliseconds since the service last heard from Kafka; 0 where the source is its own database.
 * @throws {DomainError} `Unauthenticated` without a token, `Forbidden` without the permission, `Unavailable` when a
 *   staff permission would rest on stale knowledge.
 */
export function authorize(permission: Permission, caller: Caller | undefined, knowledgeAgeMs: number): Scope {
  const scope = scopeOf(permission, caller)
  if (!scope && !caller) throw unauthenticated('sign in first')
  if (!scope) throw new DomainError('Forbidden', 'your role does not allow this')
  if (scope !== 'own' && knowledgeAgeMs > STALE_AFTER_MS) throw unavailable('roles cannot be checked right now')
  return scope
}
