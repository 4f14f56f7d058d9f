import type { Caller } from './caller.ts'

/** How far a permission reaches: one's own resources, those of people below manager, or all. */
export type Scope = 'own' | 'below' | 'all'

type Grants = Partial<
  Record<'anonymous' | 'authenticated' | 'organizer' | 'professional' | 'manager' | 'admin' | 'operator', Scope>
>

const everybody = {
  anonymous: 'own',
  authenticated: 'own',
  organizer: 'own',
  manager: 'own',
  admin: 'own',
} as const satisfies Grants
const verified = { authenticated: 'own', organizer: 'own', manager: 'own', admin: 'own' } as const satisfies Grants

/** Who may do what, once and for all services. Handlers ask for a permission, never for a role. */
export const permissions = {
  /** Needs no sign-in, and an `Authorization` header changes nothing: sign-up, sign-in, mailed links. */
  public: everybody,
  'events.browse': everybody,
  'account.own': verified,
  'registrations.own': verified,
  'events.propose': { organizer: 'own', professional: 'own', manager: 'all', admin: 'all' },
  'events.manage': { organizer: 'own', professional: 'own', manager: 'all', admin: 'all' },
  /** Approve and reject what waits. */
  'events.decide': { manager: 'all', admin: 'all' },
  'categories.edit': { admin: 'all' },
  /** What people show of themselves at `/u/{nickname}`. */
  'profiles.browse': everybody,
  /** Browse, read, add, edit, delete, lock and unlock accounts. */
  'users.manage': { manager: 'below', admin: 'all' },
  'users.decide-professional': { manager: 'below', admin: 'all' },
  'users.change-role': { admin: 'all' },
  'users.change-operator': { admin: 'all' },
  'audit.read': { admin: 'all' },
  /** Queues and whatever else `/ops` shows. */
  'operations.read': { admin: 'all', operator: 'all' },
  /** Closing the operators' pages, also for somebody who may not see them any more. */
  'operations.leave': everybody,
} as const satisfies Record<string, Grants>

export type Permission = keyof typeof permissions

/** Permissions that a caller without a token has. */
export type OpenPermission = {
  [Name in Permission]: (typeof permissions)[Name] extends { anonymous: Scope } ? Name : never
}[Permission]

export function isOpen(permission: Permission): permission is OpenPermission {
  return 'anonymous' in permissions[permission]
}

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissions, name)
}

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

/** Beyond this age of what a service knows about roles, in milliseconds, nobody acts on others' data by it. */
const STALE_AFTER_MS = 60_000

/** Why somebody may not: they are not signed in, lack the permission, or their role cannot be checked right now. */
export type Denial = 'not-signed-in' | 'not-allowed' | 'roles-stale'

/**
 * How far the caller's permission reaches, or why they may not.
 *
 * @param knowledgeAgeMs milliseconds since when something may have changed that the service has not applied; 0 where the
 *   source is its own database. Staff permissions do not rest on stale knowledge.
 */
export function authorize(
  permission: Permission,
  caller: Caller | undefined,
  knowledgeAgeMs: number,
): { scope: Scope } | { denied: Denial } {
  const scope = scopeOf(permission, caller)
  if (!scope) return { denied: caller ? 'not-allowed' : 'not-signed-in' }
  if (scope !== 'own' && knowledgeAgeMs > STALE_AFTER_MS) return { denied: 'roles-stale' }
  return { scope }
}
